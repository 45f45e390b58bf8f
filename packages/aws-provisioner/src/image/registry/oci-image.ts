// Looks at an image in any registry that speaks the OCI distribution protocol, without credentials.
import type { AwsContext } from '../../calls/context.ts';
import type { ImageName } from '../image-name.ts';
import type { ImageLook } from './image-look.ts';
import { architectureOf, digestOf, manifestTypes, mostConfigBytes, mostManifestBytes, readManifest } from './manifest.ts';
import type { SeenImages } from './seen-images.ts';
import { isLoopback } from './allowed-address.ts';
import { anonymousToken, type Challenge, challengeOf } from './registry-token.ts';
import { getFromRegistry, type RegistryAnswer, type RequestBounds, RegistryTrouble } from './registry-request.ts';

/** How long everything together may take, milliseconds. */
const mostMs = 15_000;

/** Looks; what cannot be asked is `unknown`, with the reason. */
export async function lookAtOciImage(context: AwsContext, name: ImageName): Promise<ImageLook> {
  const late = AbortSignal.timeout(mostMs);
  const bounds = { allowPrivate: context.options.allowPrivateRegistries, signal: AbortSignal.any([context.signal, late]) };
  try {
    return await look(registryOf(name, bounds), name, context.memory.images);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof RegistryTrouble)) throw error;
    return {
      state: 'unknown',
      reason: late.aborted ? `its registry does not answer within ${mostMs / 1000} seconds` : error.message,
    };
  }
}

/** A registry for the time of one look. */
interface Registry {
  /** Of the repository, with a slash at the end. */
  readonly base: URL;
  readonly repository: string;
  readonly bounds: Omit<RequestBounds, 'mostBytes'>;
  authorization?: string;
}

/** Docker Hub has its own host for the protocol, and a first part for names that have one part only. */
function registryOf({ host, repository }: ImageName, bounds: Registry['bounds']): Registry {
  const isHub = host === undefined || host === 'docker.io' || host === 'index.docker.io';
  const name = isHub && !repository.includes('/') ? `library/${repository}` : repository;
  const authority = isHub ? 'registry-1.docker.io' : host;
  if (!URL.canParse(`http://${authority}`)) throw new RegistryTrouble(`${authority} is no address`);
  const scheme = isLoopback(new URL(`http://${authority}`).hostname.replace(/^\[|\]$/g, '')) ? 'http' : 'https';
  return { base: new URL(`${scheme}://${authority}/v2/${name}/`), repository: name, bounds };
}

async function look(registry: Registry, { tag, digest }: ImageName, seen: SeenImages): Promise<ImageLook> {
  const known = digest === undefined ? undefined : seen.find(digest);
  const path = `manifests/${digest ?? tag ?? 'latest'}`;
  // Docker Hub counts every manifest it gives out, and not whether one is there.
  const answer = await ask(registry, known === undefined ? 'GET' : 'HEAD', path, mostManifestBytes);
  const { host } = registry.base;
  if (answer.status === 404) return { state: 'missing' };
  if (answer.status === 401 || answer.status === 403) return { state: 'unknown', reason: `${host} gives it to nobody without credentials` };
  if (answer.status !== 200) return { state: 'unknown', reason: `${host} answers with status ${answer.status}` };
  if (digest !== undefined && known !== undefined) return { state: 'found', digest, architectures: known };
  const found = digestOf(answer.body);
  if (digest !== undefined && digest !== found) return { state: 'unknown', reason: `${host} gives something else for this digest` };
  const architectures = await architecturesOf(registry, answer.body.toString());
  seen.keep(found, architectures);
  return { state: 'found', digest: found, architectures };
}

async function architecturesOf(registry: Registry, text: string): Promise<readonly string[]> {
  const manifest = readManifest(text);
  if (manifest.type === 'index') return manifest.architectures;
  if (manifest.type === 'other') return [];
  const answer = await ask(registry, 'GET', `blobs/${manifest.config}`, mostConfigBytes);
  const isIt = answer.status === 200 && digestOf(answer.body) === manifest.config;
  const architecture = isIt ? architectureOf(answer.body.toString()) : undefined;
  return architecture === undefined ? [] : [architecture];
}

/** Asks; where the registry wants to know who asks, it is given the token that it gives to everybody. */
async function ask(registry: Registry, method: 'GET' | 'HEAD', path: string, mostBytes: number): Promise<RegistryAnswer> {
  const url = new URL(path, registry.base);
  const bounds = { ...registry.bounds, mostBytes };
  const accept = path.startsWith('manifests/') ? manifestTypes.join(', ') : '*/*';
  const send = (): Promise<RegistryAnswer> => {
    const { authorization } = registry;
    return getFromRegistry(url, { accept, ...(authorization === undefined ? {} : { authorization }) }, bounds, method);
  };
  const answer = await send();
  const challenge: Challenge | undefined = answer.status === 401 ? challengeOf(answer.headers['www-authenticate']) : undefined;
  if (challenge === undefined || registry.authorization !== undefined) return answer;
  const token = await anonymousToken(challenge, registry.repository, registry.bounds);
  if (token === undefined) return answer;
  registry.authorization = `Bearer ${token}`;
  return send();
}
