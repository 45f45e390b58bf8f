// The Ed25519 keys that sign identity tokens: private parts sealed, public parts published.
import type { PublicJwk, SigningKey } from '@runlayer/identity-forward';

/** Reads the signing keys, from memory. */
export interface SigningKeys {
  /** The key that signs now, its private part included: never log it. */
  current(): SigningKey;
  /** Every public key that a living token may be signed with. */
  published(): readonly PublicJwk[];
}
