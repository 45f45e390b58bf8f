// What the handlers call.
import type { WireReadiness, WireRegistryCredentials } from '@runlayer/api';
import type { ControlPlane } from '@runlayer/control-plane';
import type { Subject } from '@runlayer/identity-forward';
import type { Signer } from '@runlayer/identity-forward/sign';

/** A call that a client made itself, as it tells. */
export interface LocalCall {
  readonly requestId: string;
  readonly connectorId: string;
  readonly subject: Subject;
  /** MCP method. */
  readonly method: string;
  /** Name of the tool of a `tools/call`. */
  readonly name: string | undefined;
  readonly correlationId: string;
  readonly outcome: 'complete' | 'upstream-failed';
}

/** Parts of the API, built by the composition root. */
export interface Parts {
  readonly controlPlane: ControlPlane;
  /** Public address of the platform, without a trailing slash. */
  readonly platformUrl: string;
  readonly version: string;
  /** Where clients push images, and with which credentials: they may be new with each answer. */
  readonly registryCredentials: () => Promise<WireRegistryCredentials>;
  /** Asks every part whether it answers. */
  readonly readiness: () => Promise<WireReadiness>;
  /** Mints identity tokens, as for the proxy. */
  readonly signer: Signer;
  /** Told of every call that a client made itself; left out where calls are not logged. */
  readonly logLocalCall: ((call: LocalCall) => void) | undefined;
  /** Told of every request that was answered, by its path of the contract. */
  readonly countRequest: (method: string, route: string, status: number) => void;
  /** All numbers, in the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
}
