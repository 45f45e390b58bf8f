// What a valid runlayer.yaml says, as plain data with every default filled in.

/** CPU architecture: `x86` is linux/amd64, `arm` is linux/arm64. */
export type Platform = 'x86' | 'arm';

/** A valid `runlayer.yaml`. Made by `parseConfig`; holds the plain values of `env`, so never log it: see `maskConfig`. */
export interface Config {
  /** UUID of the deployment; left out in a file that has no record yet. */
  readonly id?: string | undefined;
  /** `[a-z0-9_-]+`, at most 63 characters. */
  readonly name: string;
  readonly runtime: 'docker';
  /** `image` when the file names an image, else `build`. */
  readonly mode: 'build' | 'image';
  /** Present in build mode, with defaults. */
  readonly build?: BuildConfig | undefined;
  /** Image reference; present in image mode. */
  readonly image?: string | undefined;
  readonly service: ServiceConfig;
  readonly infrastructure: InfrastructureConfig;
  /** Variables of the container, values as the file states them (`$$NAME` not yet expanded). Secret. */
  readonly env: Readonly<Record<string, string>>;
}

/** How the image is built. */
export interface BuildConfig {
  /** Path of the Dockerfile. Default: `Dockerfile`. */
  readonly dockerfile: string;
  /** Folder sent to the engine. Default: `.`. */
  readonly context: string;
  /** As the file states it; left out, see `resolvePlatform`. */
  readonly platform?: Platform | undefined;
  /** Whether the file states the platform. */
  readonly platformStated: boolean;
  /** Build arguments. Not secret: they stay in the image's history. */
  readonly args: Readonly<Record<string, string>>;
  /** Stage of a multi-stage Dockerfile. */
  readonly target?: string | undefined;
}

/** Where the service listens and what of it is public. */
export interface ServiceConfig {
  /** TCP port in the container, 1–65535. */
  readonly port: number;
  /** Path of the MCP endpoint, such as `/mcp` or `/sse`. */
  readonly path?: string | undefined;
  /** Paths reachable without authentication: exact, or all below with a trailing `/*`. */
  readonly expose: readonly string[];
}

/** What the service runs on. */
export interface InfrastructureConfig {
  /** CPU units, 1024 to a vCPU. Default: 256. */
  readonly cpu: number;
  /** Memory, MiB. Default: 512. */
  readonly memory: number;
  /** As the file states it; left out, see `resolvePlatform`. */
  readonly platform?: Platform | undefined;
  /** Whether the file states `infrastructure.platform`. */
  readonly platformStated: boolean;
  /** Whether a DynamoDB table of its own is wanted. Default: false. */
  readonly enableDb: boolean;
  /** Customer roles by name, as written in the file: name to role ARN. */
  readonly assumeRoles: Readonly<Record<string, string>>;
  readonly scaling?: ScalingConfig | undefined;
}

/** How many copies run. */
export interface ScalingConfig {
  /** Default: 1. */
  readonly minReplicas: number;
  /** Default: the larger of 1 and `minReplicas`. */
  readonly maxReplicas: number;
  /** Mean CPU use to aim for, percent. */
  readonly targetCpuPercent?: number | undefined;
  /** Mean network traffic of one replica to aim for, MiB a second. */
  readonly targetNetworkMibPerSecond?: number | undefined;
}
