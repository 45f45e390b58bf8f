// A registry of our own on a loopback port, for tests: Debian's docker-registry.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A registry that runs. */
export interface LocalRegistry {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** The one account of a registry with a password. */
export const account = { username: 'tester', password: 'secret' } as const;
// bcrypt of the password above.
const passwordFile = 'tester:$2b$04$T1FRcZhkiEJgubV8QVMMBe6y8r.wEup3wox.8HQ5lHMVrKDsNU7BW\n';

/** Starts a registry; with a password when `closed`. */
export async function startRegistry(closed: boolean): Promise<LocalRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'runlayer-registry-'));
  const address = `127.0.0.1:${await freePort()}`;
  await writeFile(join(folder, 'htpasswd'), passwordFile);
  await writeFile(join(folder, 'config.yml'), configuration(folder, address, closed));
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  await answers(address, child);
  const stop = async (): Promise<void> => {
    const ended = once(child, 'exit');
    if (child.kill()) await ended;
    await rm(folder, { recursive: true });
  };
  return { address, stop };
}

function configuration(folder: string, address: string, closed: boolean): string {
  const auth = closed ? `auth: { htpasswd: { realm: test, path: "${folder}/htpasswd" } }\n` : '';
  return `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: "${folder}/data" } }\nhttp: { addr: "${address}" }\n${auth}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(address: string, child: { exitCode: number | null }): Promise<void> {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
    const answer = await fetch(`http://${address}/v2/`).catch(() => undefined);
    if (answer !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('docker-registry did not come up');
}
