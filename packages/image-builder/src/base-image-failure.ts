// An image that a build needs and the engine could not get.
import type { BuildFault } from './build-progress.ts';
import { imageError } from './error-codes.ts';
import { parseReference } from './reference.ts';
import { registryReason } from './registry-reason.ts';
import type { RegistryReason } from './registry-reason.ts';

/** The error for the image behind a `# syntax=` line; `undefined` when the words tell of something else. */
export function frontendFailure({ message, step }: BuildFault, syntax: string | undefined): Error | undefined {
  if (!step.startsWith('resolve image config for') && !/frontend gateway\.v0/.test(message)) return undefined;
  const image = syntax ?? imageIn(step) ?? 'of the `# syntax=` line';
  return imageError(
    'ERR_BUILD_FRONTEND',
    `The Dockerfile asks for the frontend ${image}, which ${causeOf(registryReason(message), image)}.`,
    { data: { image } },
  );
}

/** The error for a base image; `undefined` when the words tell of something else. */
export function baseImageFailure(
  { message, step }: BuildFault,
  build: { readonly file: string; readonly platform: string | undefined },
): Error | undefined {
  const image = imageIn(step) ?? imageIn(message);
  const reason = registryReason(message);
  return image === undefined || reason === 'unknown' ? undefined : unavailableBase(image, reason, build.file, build.platform);
}

/** The error for a base image that cannot be had for this reason. */
export function unavailableBase(image: string, reason: RegistryReason, file: string, platform: string | undefined): Error {
  const registry = parseReference(image)?.registry ?? image;
  return imageError('ERR_BUILD_BASE_IMAGE', `${file} needs the image ${familiar(image)}, which ${causeOf(reason, image, platform)}.`, {
    hint: hintFor(reason, registry),
    data: { image: familiar(image), registry, reason },
  });
}

function causeOf(reason: RegistryReason, image: string, platform?: string): string {
  const registry = parseReference(image)?.registry ?? 'the registry';
  const causes: Readonly<Record<RegistryReason, string>> = {
    'not-found': `${registry} does not have`,
    denied: `${registry} does not give out: it does not exist there, or is private`,
    network: `cannot be pulled: the Docker engine does not reach ${registry}`,
    insecure: `cannot be pulled: ${registry} speaks plain HTTP`,
    platform: `has no variant for ${platform ?? 'this platform'}`,
    'rate-limit': `cannot be pulled now: ${registry} limits how often it answers`,
    unknown: 'cannot be pulled',
  };
  return causes[reason];
}

function hintFor(reason: RegistryReason, registry: string): string {
  const login = registry === 'docker.io' ? '`docker login`' : `\`docker login ${registry}\``;
  const hints: Readonly<Record<RegistryReason, string>> = {
    'not-found': 'Check the name and the tag in the FROM line.',
    denied: `Check the name in the FROM line, and sign in with ${login} if the image is private.`,
    network: `Check the engine's network and proxy settings, or load the image some other way: an image that the engine has for this platform is not pulled.`,
    insecure: "List the registry under `insecure-registries` in the engine's daemon.json.",
    platform: 'Set `build.platform` to a platform that the image is made for, or choose another base image.',
    'rate-limit': `Sign in with ${login}, or try again later.`,
    unknown: 'Try `docker pull` with the name in the FROM line.',
  };
  return hints[reason];
}

function imageIn(words: string): string | undefined {
  const found =
    /(?:load metadata for|resolve image config for|\bFROM|invalid from flag value|COPY --from=)\s*(?:--\S+\s+)*(?:docker-image:\/\/)?([^\s"]+)/.exec(
      words,
    )?.[1];
  const image = found?.replace(/:$/, '');
  return image === undefined || parseReference(image) === undefined ? undefined : image;
}

/** Without what Docker adds to a short name. */
function familiar(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '');
}
