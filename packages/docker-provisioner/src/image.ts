// Brings an image to the engine and checks that it can run there, before anything is created.
import type { Failure, WorkloadSpec } from '@runlayer/provisioner';
import type Docker from 'dockerode';
import type { ImageInspectInfo } from 'dockerode';
import { architectureFailure, architectureName, dockerPlatform } from './architecture.ts';
import type { EngineFacts } from './engine-facts.ts';
import { reasonOf, StartFailed, statusOf, unless } from './engine-error.ts';
import type { Settings } from './options.ts';
import { pullFailure, pullImage, PullRefused, registryOf } from './pull.ts';

/** What the engine has under a reference, or nothing. */
export async function findImage(docker: Docker, reference: string): Promise<ImageInspectInfo | undefined> {
  // 400: the text is no reference at all, so nothing can have it.
  return unless([400, 404], docker.getImage(reference).inspect());
}

/** Why an image that is there cannot run, or nothing. */
export function imageFailure(image: ImageInspectInfo, spec: WorkloadSpec, facts: EngineFacts): Failure | undefined {
  return architectureFailure(architectureName(image.Architecture), spec.platform, facts.architecture);
}

/** Whether a registry can be asked for it: an id, or the tag of a local build, is on the engine or nowhere. */
export function isPullable(reference: string): boolean {
  return !/^(sha256:)?[0-9a-f]{12,64}$/.test(reference) && !reference.startsWith('runlayer-local:');
}

/** The failure of an image that is not there and cannot be pulled. */
export function missingImage(reference: string): Failure {
  return {
    code: 'image_missing',
    message: `The Docker engine has no image ${reference}.`,
    fix: 'Build it on this engine (run `runlayer deploy` again), or name an image of a registry.',
    evidence: {},
  };
}

/**
 * The image on the engine, pulled when it is absent.
 * @throws {StartFailed} `image_missing`, `registry_auth`, `wrong_architecture` or `no_capacity`.
 */
export async function ensureImage(
  settings: Settings,
  facts: EngineFacts,
  spec: WorkloadSpec,
  signal: AbortSignal,
  tell: (message: string) => void,
): Promise<ImageInspectInfo> {
  const image = (await findImage(settings.docker, spec.image)) ?? (await pulled(settings, spec, signal, tell));
  const failure = imageFailure(image, spec, facts);
  if (failure !== undefined) throw new StartFailed(failure);
  return image;
}

async function pulled(
  settings: Settings,
  spec: WorkloadSpec,
  signal: AbortSignal,
  tell: (message: string) => void,
): Promise<ImageInspectInfo> {
  if (!isPullable(spec.image)) throw new StartFailed(missingImage(spec.image));
  const credentials = await settings.credentials(registryOf(spec.image));
  const options = {
    ...(spec.platform === undefined ? {} : { platform: dockerPlatform(spec.platform) }),
    ...(credentials === undefined ? {} : { authconfig: credentials }),
  };
  try {
    await pullImage(settings.docker, spec.image, options, signal, tell);
  } catch (error) {
    signal.throwIfAborted();
    if (statusOf(error) === undefined && !(error instanceof PullRefused)) throw error;
    throw new StartFailed(pullFailure(spec.image, reasonOf(error)));
  }
  const image = await findImage(settings.docker, spec.image);
  if (image === undefined) throw new StartFailed(missingImage(spec.image));
  return image;
}
