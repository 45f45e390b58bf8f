// What a control plane is made of: its parts from outside, and settings with their defaults.
import type { Platform, Provisioner } from '@runlayer/provisioner';
import type { Database } from './database/database.ts';
import type { Sealer } from './sealing/sealer.ts';
import type { SigningKeyTiming } from './signing-keys/signing-keys.ts';

/** Finds what an image reference points at now. The server fills it from an engine or registry. */
export interface Images {
  /**
   * `undefined`: no such image. Throws when it could not be asked. `platform` is the one to take of an image for several; an image
   * for another one is found all the same.
   */
  resolve(
    reference: string,
    options?: { readonly signal?: AbortSignal | undefined; readonly platform?: Platform | undefined },
  ): Promise<{ readonly image: string; readonly platform: Platform } | undefined>;
}

/** Receives what the platform does by itself. Messages and fields hold no secret. */
export interface Logger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** The first admin. */
export interface BootstrapOptions {
  /** Key of the first admin, at least 16 characters. Default: a random one, returned once by {@link createControlPlane}. */
  readonly adminApiKey?: string | undefined;
  /** Default `admin@localhost`. */
  readonly adminEmail?: string | undefined;
  /** Name of the organization, used when it is made. Default `Default`. */
  readonly organizationName?: string | undefined;
}

/** How the worker works; the defaults suit every target. */
export interface WorkerOptions {
  /** How long a lease holds without a heartbeat, ms. Default 20,000. */
  readonly leaseMs?: number | undefined;
  /** How often it looks for work that nobody woke it for, ms. Default 1,000. */
  readonly pollMs?: number | undefined;
  /** How many releases and removals run at once. Default 4. */
  readonly concurrency?: number | undefined;
  /** Waits between attempts when the target cannot be reached, ms. Default 1,000, 4,000, 10,000. */
  readonly retryDelaysMs?: readonly number[] | undefined;
  /** After so many attempts that ended with the process the release fails. Default 5. */
  readonly maxAttempts?: number | undefined;
  /**
   * How long the former instance of a redeploy serves the sessions it has, where any was used within ten minutes, ms; after it their
   * clients start anew. At most 100,000; 0 for not at all. Default 10,000.
   */
  readonly drainMs?: number | undefined;
  /** How long a stop waits for a target that does not heed its signal, ms; the lease then runs out by itself. Default 10,000. */
  readonly stopGraceMs?: number | undefined;
  /** A release that takes longer fails, ms. Targets have closer bounds of their own. Default 3,600,000. */
  readonly releaseTimeoutMs?: number | undefined;
}

/** Parts and settings of a control plane. */
export interface ControlPlaneOptions {
  readonly database: Database;
  readonly provisioner: Provisioner;
  readonly images: Images;
  /** Seals what is secret at rest; see {@link createSealer} and {@link loadOrCreateKeyFile}. */
  readonly sealer: Sealer;
  /** Public address of the platform, such as `https://mcp.example.com`; a trailing slash is cut. */
  readonly platformUrl: string;
  /** Platform that the template of a new deployment states. Default `arm`. */
  readonly defaultPlatform?: Platform | undefined;
  /** Address of the JWKS as containers reach it. Default: the well-known one below `platformUrl`. */
  readonly jwksUrlForWorkloads?: string | undefined;
  /** Repository of the managed registry: an uploaded `anything@sha256:…` becomes `<repository>@sha256:…`. A function is asked at each upload. */
  readonly registry?: { readonly repository: string | (() => Promise<string | undefined>) } | undefined;
  /** Whether connectors by URL may point at private and loopback addresses. Default false. */
  readonly allowPrivateUpstreams?: boolean | undefined;
  /** Addresses of a host name. Default: the system's resolver. */
  readonly lookup?: ((host: string) => Promise<readonly string[]>) | undefined;
  readonly bootstrap?: BootstrapOptions | undefined;
  readonly worker?: WorkerOptions | undefined;
  /** When the keys change that sign identity tokens. */
  readonly signingKeys?: SigningKeyTiming | undefined;
  /** Default: the system's clock. Leases use the database's. */
  readonly clock?: (() => Date) | undefined;
  /** Default: silent. */
  readonly logger?: Logger | undefined;
}
