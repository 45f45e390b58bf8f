// Where deployments run, as the server sees it, and which of the targets the settings choose.
import type { WireRegistryCredentials } from '@runlayer/api';
import type { Images } from '@runlayer/control-plane';
import type { Platform, Provisioner } from '@runlayer/provisioner';
import type { Settings } from '../settings/read-settings.ts';
import type { PlatformTables } from './tables.ts';

/** Where deployments run, and what the platform asks of that place. */
export interface Target {
  readonly provisioner: Provisioner;
  readonly images: Images;
  readonly registry: TargetRegistry;
  /** Rejects when the target does not answer, or cannot be used. */
  ping(): Promise<void>;
  /** Platform that the file of a new deployment states. */
  defaultPlatform(): Promise<Platform>;
  /** Address of this machine on the network that containers are on, `undefined` when it cannot be told; left out where they are elsewhere. */
  readonly bridgeAddress?: (() => Promise<string | undefined>) | undefined;
  /** The tables it keeps itself; left out where the target has its own or none. */
  readonly tables?: Pick<PlatformTables, 'resume' | 'close'> | undefined;
  /** The longest that a release can take here, milliseconds. Default: what the worker gives every release. */
  readonly releaseTimeoutMs?: number | undefined;
}

/** Where clients leave the images they build. */
export interface TargetRegistry {
  /** What a client that may deploy is told. */
  credentials(): Promise<WireRegistryCredentials>;
  /** The repository that clients push to; `undefined` where they share an engine with the server. */
  repository(): Promise<string | undefined>;
}

/** Opens the target of the settings. The code of the other one is not loaded. */
export async function openTarget(settings: Settings): Promise<Target> {
  if (settings.target === 'aws') return (await import('./aws-target.ts')).awsTarget(settings);
  return (await import('./docker-target.ts')).dockerTarget(settings);
}
