// Looks, before anything is made, at the image in its registry: whether it is there, and for which platform it is built.
import type { Failure, Platform, WorkloadSpec } from '@runlayer/provisioner';
import type { AwsContext } from '../calls/context.ts';
import { awsError } from '../error-codes.ts';
import { ecrPlaceOf, parseImageName, pinnedName } from './image-name.ts';
import { lookAtEcrImage } from './registry/ecr-image.ts';
import type { ImageLook } from './registry/image-look.ts';
import { lookAtOciImage } from './registry/oci-image.ts';

/** What a look before a deployment finds. */
export interface ImageFinding {
  /** Platform to run it on: the one that is wanted, else one that it is built for. Left out where neither is known. */
  readonly platform?: Platform | undefined;
  /** Why the image cannot run. */
  readonly failure?: Failure | undefined;
  /** Why it could not be looked at, in words for people: ECS then finds out when it pulls. */
  readonly unseen?: string | undefined;
}

/** Looks at the image of a spec. Only what its registry says counts as missing. */
export async function findImage(context: AwsContext, spec: Pick<WorkloadSpec, 'image' | 'platform'>): Promise<ImageFinding> {
  const name = parseImageName(spec.image);
  if (name?.digest === undefined) return { failure: unpinned(spec.image) };
  const look = await lookAt(context, spec.image);
  if (look.state === 'missing') return { failure: missing(spec.image) };
  if (look.state === 'unknown')
    return { platform: spec.platform, unseen: `The image was not looked at, as ${look.reason}; ECS finds out when it pulls.` };
  const { architectures: built } = look;
  const platform = spec.platform ?? platformOf(built, undefined) ?? 'x86';
  const wanted = archOf[platform];
  return built.length === 0 || built.includes(wanted) ? { platform } : { failure: foreign(wanted, built) };
}

/** An image that may be deployed. */
export interface ResolvedImage {
  /** The repository as it was written, and the digest: `host/repository@sha256:…`. */
  readonly image: string;
  readonly platform: Platform;
}

/**
 * What a reference points at now.
 *
 * @param wanted Which one to take of an image for several platforms. Default: arm where there is one, as Fargate asks less for it.
 * @returns Nothing when there is no such image.
 * An image that is pinned already and cannot be looked at is taken to be for `wanted`.
 *
 * @throws `ERR_AWS_IMAGE` When its registry does not tell what is to be known, or it is built for another processor than x86 and arm.
 */
export async function resolveImage(
  context: AwsContext,
  reference: string,
  wanted: Platform | undefined,
): Promise<ResolvedImage | undefined> {
  const name = parseImageName(reference);
  // What has an id only is on somebody's engine, and in no registry.
  if (name === undefined || /^(?:sha256:)?[0-9a-f]{64}$/.test(reference)) return undefined;
  const look = await lookAt(context, reference);
  if (look.state === 'missing') return undefined;
  if (look.state === 'unknown' && name.digest !== undefined && wanted !== undefined) {
    // Nothing is left to find out: whether it is there, ECS finds out when it pulls.
    return { image: pinnedName(name, name.digest), platform: wanted };
  }
  if (look.state === 'unknown') throw awsError('ERR_AWS_IMAGE', `Of the image ${reference} nothing can be told: ${look.reason}.`);
  const platform = platformOf(look.architectures, wanted);
  if (platform === undefined) {
    const built =
      look.architectures.length === 0 ? 'no processor that it tells of' : [...new Set(look.architectures)].join(' and ').slice(0, 200);
    throw awsError('ERR_AWS_IMAGE', `The image ${reference} is built for ${built}, and Fargate has amd64 and arm64.`);
  }
  return { image: pinnedName(name, look.digest), platform };
}

const archOf: Readonly<Record<Platform, string>> = { x86: 'amd64', arm: 'arm64' };

function platformOf(built: readonly string[], wanted: Platform | undefined): Platform | undefined {
  const order: Platform[] = wanted === 'x86' ? ['x86', 'arm'] : ['arm', 'x86'];
  return order.find((platform) => built.includes(archOf[platform]));
}

async function lookAt(context: AwsContext, image: string): Promise<ImageLook> {
  const name = parseImageName(image);
  if (name === undefined) return { state: 'missing' };
  const place = ecrPlaceOf(context, name);
  return place === undefined ? lookAtOciImage(context, name) : lookAtEcrImage(context, place, name);
}

function missing(image: string): Failure {
  return {
    code: 'image_missing',
    message: `The registry does not have the image ${image}.`,
    fix: 'Push the image again, then deploy.',
    evidence: {},
  };
}

function unpinned(image: string): Failure {
  return {
    code: 'image_missing',
    message: `The image ${image} is not named by a digest in a registry, so what would run is not certain.`,
    fix: 'Push it to a registry, and deploy it as repository@sha256:….',
    evidence: {},
  };
}

function foreign(wanted: string, built: readonly string[]): Failure {
  return {
    code: 'wrong_architecture',
    message: `The image is built for ${[...new Set(built)].join(' and ').slice(0, 200)}, and the task has ${wanted}.`,
    fix: `Build the image for linux/${wanted}, or correct infrastructure.platform: x86 is linux/amd64, arm is linux/arm64.`,
    evidence: { architecture: built[0] },
  };
}
