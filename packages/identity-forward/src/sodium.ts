// Finds libsodium, which signs and verifies in half the time that OpenSSL takes, where the program has installed it.
import { createRequire } from 'node:module';

/** The two functions of `sodium-native` that this package needs. */
export interface Sodium {
  /** Fills `signature` (64 bytes) from a secret of seed and public point. */
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secret: Uint8Array): void;
  /** Whether the signature of a message was made by the owner of a public point (32 bytes). */
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, point: Uint8Array): boolean;
}

/** The first signature of RFC 8032, section 7.1: of the empty message. */
const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const point = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const expected =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';

/** `sodium-native`, when it is installed, has a binary for this machine, and signs the RFC's example right. */
export function loadSodium(): Sodium | undefined {
  try {
    // Not an import: bundlers and `npm install --omit=optional` must be able to leave it out.
    const load = createRequire(import.meta.url);
    const sodium = load('sodium-native') as Sodium;
    return isSound(sodium) ? sodium : undefined;
  } catch {
    // Not installed, or built for another machine or C library: node:crypto signs the same.
    return undefined;
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc8032#section-7.1 */
function isSound(sodium: Sodium): boolean {
  const signature = Buffer.alloc(64);
  sodium.crypto_sign_detached(signature, Buffer.alloc(0), Buffer.from(seed + point, 'hex'));
  return signature.toString('hex') === expected;
}
