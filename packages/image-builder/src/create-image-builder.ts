// Binds the verbs to one engine.
import Docker from 'dockerode';
import { build } from './build.ts';
import { dockerConfigFolder, userCredentials } from './docker-credentials.ts';
import { engineInfo } from './engine-info.ts';
import { engineFailure, hasStatus } from './engine-failure.ts';
import { imageError } from './error-codes.ts';
import type { ImageBuilder, ImageBuilderSettings } from './image-builder.ts';
import { push } from './push.ts';
import { parseReference } from './reference.ts';
import { resolve } from './resolve.ts';

/** Makes an image builder for one engine. Connects to nothing until a verb is called. */
export function createImageBuilder(settings: ImageBuilderSettings = {}): ImageBuilder {
  const docker = settings.docker ?? new Docker();
  const dockerConfig = settings.dockerConfig ?? dockerConfigFolder();
  return {
    build: (options, cancellation) => build({ docker, dockerConfig, builder: settings.builder, signal: cancellation?.signal }, options),
    tag: (image, reference) => tag(docker, image, reference),
    push: async function* (reference, auth, cancellation) {
      const registry = parseReference(reference)?.registry;
      const own = auth ?? (registry === undefined ? undefined : await userCredentials(registry, dockerConfig));
      yield* push(docker, reference, own, cancellation?.signal);
    },
    resolve: (reference, options = {}) => resolve(docker, dockerConfig, reference, options),
    engineInfo: () => engineInfo(docker),
  };
}

async function tag(docker: Docker, image: string, reference: string): Promise<void> {
  const name = parseReference(reference);
  if (name === undefined || name.digest !== undefined) {
    throw imageError('ERR_IMAGE_REFERENCE_INVALID', `"${reference.slice(0, 200)}" is no name an image can get.`, {
      hint: 'Write it as repository:tag.',
    });
  }
  try {
    await docker.getImage(image).tag({ repo: name.repository, tag: name.tag ?? 'latest' });
  } catch (error) {
    if (hasStatus(error, 404)) throw imageError('ERR_IMAGE_NOT_FOUND', `There is no image ${image} on the engine to give another name.`);
    throw engineFailure(error, `naming the image ${reference}`);
  }
}
