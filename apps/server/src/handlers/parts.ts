// What the handlers call.
import type { WireReadiness, WireRegistryCredentials } from '@runlayer/api';
import type { ControlPlane } from '@runlayer/control-plane';

/** Parts of the API, built by the composition root. */
export interface Parts {
  readonly controlPlane: ControlPlane;
  /** Public address of the platform, without a trailing slash. */
  readonly platformUrl: string;
  readonly version: string;
  /** Where clients push images. */
  readonly registryCredentials: WireRegistryCredentials;
  /** Asks every part whether it answers. */
  readonly readiness: () => Promise<WireReadiness>;
  /** Told of every request that was answered, by its path of the contract. */
  readonly countRequest: (method: string, route: string, status: number) => void;
  /** All numbers, in the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
}
