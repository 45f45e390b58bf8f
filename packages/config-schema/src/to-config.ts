// Fills the defaults in: from what a valid file says to the configuration.
import type { BuildConfig, Config, InfrastructureConfig, ScalingConfig } from './config.ts';
import type { Values } from './shape/shape.ts';
import { defaultSize } from './shape/sizes.ts';

/** The configuration a file without faults stands for. */
export function toConfig(values: Values): Config {
  const { id, name = '', image, service } = values;
  return {
    ...(id === undefined ? {} : { id: id.toLowerCase() }),
    name,
    runtime: 'docker',
    ...(image === undefined ? { mode: 'build', build: buildOf(values) } : { mode: 'image', image }),
    service: {
      port: service?.port ?? 0,
      ...given('path', service?.path),
      expose: (service?.expose ?? []).filter((route) => route !== undefined),
    },
    infrastructure: infrastructureOf(values),
    env: values.env ?? {},
  };
}

function buildOf({ build = {} }: Values): BuildConfig {
  return {
    dockerfile: build.dockerfile ?? 'Dockerfile',
    context: build.context ?? '.',
    ...given('platform', build.platform),
    platformStated: build.platform !== undefined,
    args: build.args ?? {},
    ...given('target', build.target),
  };
}

function infrastructureOf({ infrastructure = {} }: Values): InfrastructureConfig {
  const { platform, enable_db: enableDb = false, aws, scaling } = infrastructure;
  return {
    cpu: infrastructure.cpu ?? defaultSize.cpu,
    memory: infrastructure.memory ?? defaultSize.memory,
    ...given('platform', platform),
    platformStated: platform !== undefined,
    enableDb,
    assumeRoles: aws?.assume_roles ?? {},
    ...given('scaling', scalingOf(scaling)),
  };
}

function scalingOf(scaling: NonNullable<Values['infrastructure']>['scaling']): ScalingConfig | undefined {
  if (scaling === undefined || Object.keys(scaling).length === 0) return undefined;
  const minReplicas = scaling.min_replicas ?? Math.min(1, scaling.max_replicas ?? 1);
  return {
    minReplicas,
    maxReplicas: scaling.max_replicas ?? Math.max(1, minReplicas),
    ...given('targetCpuPercent', scaling.target_cpu_percent),
    ...given('targetNetworkMibPerSecond', scaling.target_network_mib_per_second),
  };
}

/** A key that is there only when it has a value: two configurations that mean the same are equal. */
function given<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}
