// Finds what an image's name means now, and gives it a name that stays.
import type Docker from 'dockerode';
import { userCredentials } from './docker-credentials.ts';
import { engineFailure, hasStatus } from './engine-failure.ts';
import { EngineSilent } from './engine-stream.ts';
import { imageError } from './error-codes.ts';
import type { ResolvedImage, ResolveOptions } from './image-builder.ts';
import { dockerPlatform, platformOf } from './platform.ts';
import { pull, PullRefused } from './pull.ts';
import { isImageId, parseReference } from './reference.ts';
import { registryReason } from './registry-reason.ts';

/** Resolves a name; see `ImageBuilder.resolve`. */
export async function resolve(
  docker: Docker,
  dockerConfig: string,
  reference: string,
  options: ResolveOptions,
): Promise<ResolvedImage | undefined> {
  const isId = isImageId(reference);
  const name = parseReference(reference);
  if (!isId && name === undefined) throw imageError('ERR_IMAGE_REFERENCE_INVALID', `"${reference.slice(0, 200)}" is no image name.`);
  try {
    const here = await inspect(docker, reference, options.signal);
    if (here !== undefined) return pinned(here, name?.repository);
    if (isId || options.pull !== true || name === undefined) return undefined;
    const auth = options.auth ?? (await userCredentials(name.registry, dockerConfig));
    const arrived = await fetchImage(docker, name.tag === undefined && name.digest === undefined ? `${reference}:latest` : reference, {
      ...options,
      auth,
    });
    return arrived ? await inspect(docker, reference, options.signal).then((image) => image && pinned(image, name.repository)) : undefined;
  } catch (error) {
    throw engineFailure(error, `looking for the image ${reference}`, options.signal);
  }
}

async function inspect(docker: Docker, reference: string, signal: AbortSignal | undefined): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await docker.getImage(reference).inspect({ abortSignal: signal } as object);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Whether the image came. */
async function fetchImage(docker: Docker, reference: string, { auth, platform, signal }: ResolveOptions): Promise<boolean> {
  const registry = parseReference(reference)?.registry ?? 'the registry';
  try {
    for await (const _event of pull(docker, reference, { auth, platform: platform && dockerPlatform(platform), signal }));
    return true;
  } catch (error) {
    if (error instanceof EngineSilent)
      throw imageError('ERR_REGISTRY_UNREACHABLE', `${registry} stopped answering while ${reference} was pulled.`);
    if (!(error instanceof PullRefused)) throw error;
    return refused(reference, registry, error.message);
  }
}

function refused(reference: string, registry: string, words: string): false {
  switch (registryReason(words)) {
    case 'not-found':
    case 'platform':
      return false;
    case 'denied':
      throw imageError('ERR_REGISTRY_DENIED', `${registry} does not give out ${reference}: it does not exist there, or is private.`, {
        hint: 'Check the name, and the credentials for this registry.',
      });
    case 'insecure':
      throw imageError('ERR_REGISTRY_INSECURE', `${registry} speaks plain HTTP, and the Docker engine expects HTTPS of it.`);
    default:
      throw imageError('ERR_REGISTRY_UNREACHABLE', `${reference} could not be pulled from ${registry}: ${words.slice(0, 300)}`);
  }
}

/** A digest in the same repository says the same thing to every engine; without one the image exists only here. */
function pinned(image: Docker.ImageInspectInfo, repository: string | undefined): ResolvedImage {
  const digest = (image.RepoDigests ?? []).find((name) => name.slice(0, name.lastIndexOf('@')) === repository);
  return { image: digest ?? image.Id, imageId: image.Id, platform: platformOf(image.Architecture) };
}
