// Turns a stored release into what a provisioner runs.
import type { Config } from '@runlayer/config-schema';
import { expandPlatformVariables, isAutomaticVariable, resolvePlatform } from '@runlayer/config-schema';
import type { Platform, WorkloadSpec } from '@runlayer/provisioner';
import type { Context } from '../context.ts';
import { platformValues } from './platform-values.ts';

/** A release with its values opened. */
export interface OpenRelease {
  readonly id: string;
  readonly deploymentId: string;
  readonly serverId: string;
  readonly name: string;
  readonly config: Config;
  readonly env: Readonly<Record<string, string>>;
  /** What its image was found to be. */
  readonly image: string;
  /** What that image is built for. */
  readonly platform: Platform;
}

/** The wanted state. Variables of the user win over the platform's defaults, and never over its automatic variables. */
export function workloadSpec(context: Pick<Context, 'platformUrl' | 'jwksUrl' | 'provisioner'>, release: OpenRelease): WorkloadSpec {
  const { infrastructure, service } = release.config;
  const platform = platformValues(context, release.deploymentId);
  const secrets = userVariables(release.env, platform);
  const defaults = { RUNLAYER_SERVER_ID: release.serverId, RUNLAYER_IDENTITY_JWKS_URL: context.jwksUrl };
  const { platform: architecture, stated } = resolvePlatform(release.config);
  return {
    deploymentId: release.deploymentId,
    releaseId: release.id,
    name: release.name,
    image: release.image,
    // A default the file does not state must not refuse the image that arrived.
    platform: stated ? architecture : release.platform,
    cpu: infrastructure.cpu,
    memoryMiB: infrastructure.memory,
    port: service.port,
    path: service.path,
    env: { ...withoutNames(defaults, secrets), ...platform, RUNLAYER_DEPLOYMENT_ID: release.deploymentId },
    secrets,
    database: infrastructure.enableDb,
    assumeRoles: Object.fromEntries(Object.entries(infrastructure.assumeRoles).map(([name, arn]) => [name.toUpperCase(), arn])),
    scaling: context.provisioner.features.scaling ? infrastructure.scaling : undefined,
  };
}

function userVariables(env: Readonly<Record<string, string>>, platform: ReturnType<typeof platformValues>): Record<string, string> {
  const own = Object.entries(env).filter(([name]) => !isAutomaticVariable(name));
  return Object.fromEntries(own.map(([name, value]) => [name, expandPlatformVariables(value, platform)]));
}

function withoutNames(defaults: Readonly<Record<string, string>>, taken: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => !Object.hasOwn(taken, name)));
}
