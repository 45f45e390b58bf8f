// What can be set on the Docker provisioner, and the values used when it is not.
import Docker, { type AuthConfig } from 'dockerode';
import type { Tables } from './tables.ts';

/** How the platform reaches its containers. */
export type Reach = 'bridge' | 'loopback';

/** Settings of {@link createDockerProvisioner}; all have a default. */
export interface DockerProvisionerOptions {
  /** The engine. Default: what `DOCKER_HOST` names, else the default socket. */
  readonly docker?: Docker | undefined;
  /** Name of this installation of the platform, `[a-z0-9-]`; two on one engine need different ones. Default `default`. */
  readonly installation?: string | undefined;
  /** Network the containers join; made when it does not exist. Default `runlayer-<installation>`. */
  readonly network?: string | undefined;
  /**
   * `bridge`: by the container's private address; the platform must run on the engine's host, outside a container.
   * `loopback`: by a free port on 127.0.0.1, for Docker Desktop and rootless engines.
   * Default `auto`: `bridge` where the network's gateway is an address of this machine, else `loopback`.
   */
  readonly reach?: Reach | 'auto' | undefined;
  /** How long a container may take to become healthy, milliseconds. Default 120,000. */
  readonly healthTimeoutMs?: number | undefined;
  /** How long a wrong port or a missing MCP path must be seen before the start is given up, milliseconds. Default 10,000. */
  readonly graceMs?: number | undefined;
  /** How long a container that is taken down may go on to finish its calls, seconds. Default 10. */
  readonly stopSeconds?: number | undefined;
  /** Lines for the container's hosts file. Default `host.docker.internal:host-gateway`, by which it reaches this machine. */
  readonly extraHosts?: readonly string[] | undefined;
  /** Credentials for a registry host such as `ghcr.io`, when an image has to be pulled. Default: none. */
  readonly credentials?: ((registry: string) => Promise<AuthConfig | undefined>) | undefined;
  /** Keeps the tables of deployments that want one (`database`). Default: none, and such a deployment is refused as `unsupported`. */
  readonly tables?: Tables | undefined;
  /** Time of observations. Default: the system's clock. */
  readonly clock?: (() => Date) | undefined;
}

/** The settings with every default filled in. */
export interface Settings {
  readonly docker: Docker;
  readonly installation: string;
  readonly network: string;
  readonly reach: Reach | 'auto';
  readonly healthTimeoutMs: number;
  readonly graceMs: number;
  readonly stopSeconds: number;
  readonly extraHosts: readonly string[];
  readonly credentials: (registry: string) => Promise<AuthConfig | undefined>;
  readonly tables: Tables | undefined;
  readonly clock: () => Date;
}

/** Fills in the defaults. */
export function settingsFrom(options: DockerProvisionerOptions): Settings {
  const installation = options.installation ?? 'default';
  return {
    docker: options.docker ?? new Docker(),
    installation,
    network: options.network ?? `runlayer-${installation}`,
    reach: options.reach ?? 'auto',
    healthTimeoutMs: options.healthTimeoutMs ?? 120_000,
    graceMs: options.graceMs ?? 10_000,
    stopSeconds: options.stopSeconds ?? 10,
    extraHosts: options.extraHosts ?? ['host.docker.internal:host-gateway'],
    credentials: options.credentials ?? (async () => undefined),
    tables: options.tables,
    clock: options.clock ?? (() => new Date()),
  };
}
