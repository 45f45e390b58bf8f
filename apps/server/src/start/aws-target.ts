// The AWS side of the platform: the one file of the server that loads the SDK.
import { createAwsProvisioner, createAwsRegistry, createPlatformCheck } from '@runlayer/aws-provisioner';
import type { Settings } from '../settings/read-settings.ts';
import { awsOptions } from './aws-options.ts';
import { createEcrRegistry } from './ecr-registry.ts';
import { shared } from './shared.ts';
import type { Target } from './target.ts';

/** `/ready` is open to everyone, and AWS counts calls: so one answer is good for this long. */
const checkMs = 10_000;

/** A release waits for a trial, a rollout and, where that fails, the way back: each as long as a rollout may take, and AWS for the rest. */
const rolloutsOfRelease = 4;
const defaultRolloutMs = 900_000;

/** A target on ECS Fargate. Asks AWS for nothing until it is used. @throws ERR_SETTINGS naming what is missing */
export function awsTarget(settings: Settings): Target {
  const options = awsOptions(settings);
  const registry = createAwsRegistry(options);
  const check = createPlatformCheck({ ...options, callTimeoutMs: 1500 });
  const pinged = shared(
    () => check(),
    () => checkMs,
  );
  return {
    provisioner: createAwsProvisioner(options),
    registry: createEcrRegistry(registry),
    images: { resolve: (reference, given) => registry.resolve(reference, given) },
    ping: pinged,
    // Fargate has both. This is what the format of the file takes where it states none.
    defaultPlatform: async () => 'arm',
    // The containers of an emulator are on this machine; tasks of AWS never are.
    bridgeAddress: settings.awsEndpoint === undefined ? undefined : async () => undefined,
    releaseTimeoutMs: rolloutsOfRelease * (settings.awsRolloutTimeoutMs ?? defaultRolloutMs),
  };
}
