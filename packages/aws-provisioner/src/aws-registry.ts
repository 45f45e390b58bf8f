// The registry side of the target, for whoever takes images in: where they are pushed, with which credentials, and what a name points at.
import type { Platform } from '@runlayer/provisioner';
import { reaching } from './calls/aws-error.ts';
import { type AwsContext, createContext } from './calls/context.ts';
import { type AwsProvisionerOptions, settingsFrom } from './options.ts';
import { type ResolvedImage, resolveImage } from './image/registry-image.ts';
import { type PushCredentials, pushCredentials, readSharedRepository } from './resources/image-repository.ts';

/** How a name is resolved. */
export interface ResolveImageOptions {
  readonly signal?: AbortSignal | undefined;
  /** Which one to take of an image for several platforms. Default: arm where there is one, else x86. */
  readonly platform?: Platform | undefined;
}

/** Where images for this target are pushed, and where they are found. */
export interface AwsRegistry {
  /**
   * Name of the repository that all deployments share, host included: images are pushed to `<repository>:<deployment id>`. Reads only.
   * @throws `ERR_AWS_PLATFORM` When it was not made yet.
   */
  repository(): Promise<string>;
  /**
   * Credentials to push with: those of the role `pushRole`, or the platform's own where none is set. Kept until a quarter of an hour
   * before they end, at least one hour after they were made. They open the whole repository.
   */
  credentials(): Promise<PushCredentials>;
  /**
   * What the name of an image points at now, in ECR or in any registry that gives it to everybody, pinned by digest.
   * An index for several platforms stays an index; `platform` says which of them will run. `undefined`: there is no such image.
   * @throws `ERR_AWS_IMAGE` When its registry tells nothing without credentials, unless digest and `platform` are given, or when it is
   * built for neither x86 nor arm.
   */
  resolve(reference: string, options?: ResolveImageOptions): Promise<ResolvedImage | undefined>;
}

/**
 * The ECR of the account that the options name. Making it calls nothing.
 * @throws `ERR_AWS_OPTIONS` When an option cannot be right.
 */
export function createAwsRegistry(options: AwsProvisionerOptions): AwsRegistry {
  const context = createContext(settingsFrom(options));
  const credentials = kept(context, () => pushCredentials(context));
  return {
    repository: () => reaching(() => readSharedRepository(context)),
    credentials: () => reaching(credentials),
    resolve: (reference, { signal, platform } = {}) =>
      reaching(() => resolveImage(signal === undefined ? context : { ...context, signal }, reference, platform)),
  };
}

const marginMs = 900_000;

/** Asks once for all who ask at the same time, and again shortly before what was given ends. */
function kept({ options }: AwsContext, ask: () => Promise<PushCredentials>): () => Promise<PushCredentials> {
  let known: PushCredentials | undefined;
  let asking: Promise<PushCredentials> | undefined;
  return async () => {
    const end = known?.expiresAt?.getTime() ?? 0;
    if (known !== undefined && end - options.clock().getTime() > marginMs) return known;
    asking ??= ask().finally(() => (asking = undefined));
    return (known = await asking);
  };
}
