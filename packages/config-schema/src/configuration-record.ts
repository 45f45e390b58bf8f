// The configuration as the API shows it: one flat JSON object in snake_case, with nothing secret in it.
import type { Config, ScalingConfig } from './config.ts';
import { maskEnv } from './mask.ts';
import { resolvePlatform } from './platform.ts';

/** `configuration` of a deployment on the wire. Published clients read `aws_assume_roles` only. */
export interface ConfigurationRecord {
  readonly name: string;
  readonly runtime: 'docker';
  readonly mode: 'build' | 'image';
  readonly build: {
    readonly dockerfile: string;
    readonly context: string;
    readonly platform: string | null;
    readonly args: Readonly<Record<string, string>>;
    readonly target: string | null;
  } | null;
  readonly image: string | null;
  readonly port: number;
  readonly path: string | null;
  readonly expose: readonly string[];
  readonly cpu: number;
  readonly memory: number;
  /** Null where the image decides. */
  readonly platform: string | null;
  readonly enable_db: boolean;
  readonly scaling: {
    readonly min_replicas: number;
    readonly max_replicas: number;
    readonly target_cpu_percent: number | null;
    readonly target_network_mib_per_second: number | null;
  } | null;
  readonly aws_assume_roles: Readonly<Record<string, string>>;
  /** Every value is `***`. */
  readonly env: Readonly<Record<string, string>>;
}

/** The object the API shows as `configuration`; `env` values are masked. */
export function configurationRecord(config: Config): ConfigurationRecord {
  const { build, infrastructure, service } = config;
  return {
    name: config.name,
    runtime: config.runtime,
    mode: config.mode,
    build:
      build === undefined
        ? null
        : {
            dockerfile: build.dockerfile,
            context: build.context,
            platform: build.platform ?? null,
            args: build.args,
            target: build.target ?? null,
          },
    image: config.image ?? null,
    port: service.port,
    path: service.path ?? null,
    expose: service.expose,
    cpu: infrastructure.cpu,
    memory: infrastructure.memory,
    platform: resolvePlatform(config).platform ?? null,
    enable_db: infrastructure.enableDb,
    scaling: infrastructure.scaling === undefined ? null : scalingRecord(infrastructure.scaling),
    aws_assume_roles: infrastructure.assumeRoles,
    env: maskEnv(config.env),
  };
}

function scalingRecord(scaling: ScalingConfig): NonNullable<ConfigurationRecord['scaling']> {
  return {
    min_replicas: scaling.minReplicas,
    max_replicas: scaling.maxReplicas,
    target_cpu_percent: scaling.targetCpuPercent ?? null,
    target_network_mib_per_second: scaling.targetNetworkMibPerSecond ?? null,
  };
}
