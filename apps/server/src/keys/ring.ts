// The signing keys as the commands see them, wherever they are.
import type { WireSigningKey, WireSigningKeyRotation } from '@runlayer/api';

/** Signing keys in a database, or behind a running server. */
export interface Ring {
  /** Newest first. */
  list(): Promise<readonly WireSigningKey[]>;
  rotate(options: { readonly now: boolean }): Promise<WireSigningKeyRotation>;
  revoke(kid: string): Promise<WireSigningKey>;
  /** Resolves when a rotation that was put off is done. Rejects with the signal's reason. */
  untilDone(rotation: WireSigningKeyRotation, signal: AbortSignal): Promise<WireSigningKeyRotation>;
  /** Something that an operator who waits must know. */
  readonly whileWaiting?: string | undefined;
  close(): Promise<void>;
}
