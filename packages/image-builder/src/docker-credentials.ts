// The user's own credentials for one registry, where `docker login` keeps them.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RegistryAuth } from './image-builder.ts';

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { auth?: unknown; username?: unknown; password?: unknown } | null>>;
  readonly credsStore?: unknown;
  readonly credHelpers?: Readonly<Record<string, unknown>>;
}

const dockerHub = 'https://index.docker.io/v1/';
const run = promisify(execFile);

/** The folder with the user's Docker settings. */
export function dockerConfigFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment['DOCKER_CONFIG'] || join(homedir(), '.docker');
}

/** The credentials that `docker login <registry>` stored; `undefined` when there are none or they cannot be read. */
export async function userCredentials(registry: string, folder: string): Promise<RegistryAuth | undefined> {
  const config = await readConfig(folder);
  const address = registry === 'docker.io' ? dockerHub : registry;
  const helper = helperFor(config, address);
  if (helper !== undefined) return askHelper(helper, address);
  return Object.entries(config.auths ?? {})
    .filter(([key]) => hostOf(key) === hostOf(address))
    .map(([, entry]) => decodeEntry(entry ?? {}, address))
    .find((auth) => auth !== undefined);
}

async function readConfig(folder: string): Promise<DockerConfig> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function helperFor({ credHelpers, credsStore }: DockerConfig, address: string): string | undefined {
  const own = Object.entries(credHelpers ?? {}).find(([key]) => hostOf(key) === hostOf(address))?.[1];
  const name = own ?? credsStore;
  // The name becomes part of a program's name: nothing that leads elsewhere.
  return typeof name === 'string' && /^[\w.-]+$/.test(name) ? name : undefined;
}

/** @see https://github.com/docker/docker-credential-helpers#development */
async function askHelper(name: string, address: string): Promise<RegistryAuth | undefined> {
  try {
    const asked = run(`docker-credential-${name}`, ['get'], { timeout: 10_000, maxBuffer: 256 * 1024 });
    asked.child.stdin?.on('error', () => undefined).end(address);
    const { Username, Secret } = JSON.parse((await asked).stdout) as { Username?: unknown; Secret?: unknown };
    // A token for docker's own token exchange, not a password.
    if (typeof Username !== 'string' || typeof Secret !== 'string' || Username === '' || Username === '<token>') return undefined;
    return { username: Username, password: Secret, serveraddress: address };
  } catch {
    return undefined;
  }
}

function decodeEntry(entry: { auth?: unknown; username?: unknown; password?: unknown }, address: string): RegistryAuth | undefined {
  const { auth, username, password } = entry;
  if (typeof username === 'string' && typeof password === 'string' && username !== '')
    return { username, password, serveraddress: address };
  if (typeof auth !== 'string') return undefined;
  const [, name, secret] = /^([^:]+):([^]*?)\0*$/.exec(Buffer.from(auth, 'base64').toString('utf8')) ?? [];
  return name === undefined || secret === undefined ? undefined : { username: name, password: secret, serveraddress: address };
}

/** Keys are written with and without scheme and path. */
function hostOf(key: string): string {
  return (key.replace(/^https?:\/\//, '').split('/')[0] ?? '').toLowerCase();
}
