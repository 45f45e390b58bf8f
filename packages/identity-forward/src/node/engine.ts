// What checks the signatures on a Node server: libsodium where it is installed, or else node:crypto. Both without leaving the thread.
import { createPublicKey, verify } from 'node:crypto';
import { IdentityError } from '../identity-error.ts';
import { loadSodium } from '../sodium.ts';
import type { Sodium } from '../sodium.ts';
import type { ReadyKey } from '../verify/signature.ts';

/** Who checks the signatures: libsodium, through the package `sodium-native`, or OpenSSL, through `node:crypto`. */
export type EngineName = 'sodium' | 'node';

/** An engine, chosen. */
export interface Engine {
  readonly name: EngineName;
  readonly readyKey: ReadyKey;
}

/**
 * The engine asked for.
 *
 * @throws `ERR_IDENTITY_ENGINE` for `sodium` where it cannot be had, `ERR_IDENTITY_OPTIONS` for a name that is none.
 */
export function chooseEngine(wanted: EngineName | 'auto'): Engine {
  if (!['auto', 'sodium', 'node'].includes(wanted))
    throw new IdentityError('ERR_IDENTITY_OPTIONS', 'engine is none of auto, sodium, node.');
  const sodium = wanted === 'node' ? undefined : loadSodium();
  if (sodium !== undefined && verifies(sodium)) return { name: 'sodium', readyKey: (x) => readyForSodium(sodium, x) };
  if (wanted === 'sodium')
    throw new IdentityError('ERR_IDENTITY_ENGINE', 'sodium-native is not installed, or does not run on this machine.');
  return { name: 'node', readyKey: readyForNode };
}

/** No token is longer than 8 KiB. Not from the pool, whose memory other buffers share. */
const scratch = Buffer.alloc(8192);

/** ASCII text as bytes. Written over by the next call, so use them at once. */
function bytesOf(text: string): Buffer {
  return scratch.subarray(0, scratch.write(text, 'latin1'));
}

const readyForNode: ReadyKey = (x) => {
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  return (message, signature) => verify(null, bytesOf(message), key, signature);
};

function readyForSodium(sodium: Sodium, x: string): ReturnType<ReadyKey> {
  const point = Uint8Array.from(Buffer.from(x, 'base64url'));
  if (point.length !== 32) throw new RangeError('An Ed25519 point has 32 bytes.');
  return (message, signature) => sodium.crypto_sign_verify_detached(signature, bytesOf(message), point);
}

/** The first signature of RFC 8032, section 7.1: of the empty message. */
const point = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const signed =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';

/** Whether it takes the signature that the RFC gives, and for no other message. @see https://www.rfc-editor.org/rfc/rfc8032#section-7.1 */
function verifies(sodium: Sodium): boolean {
  const takes = (message: string): unknown =>
    sodium.crypto_sign_verify_detached(Buffer.from(signed, 'hex'), Buffer.from(message), Buffer.from(point, 'hex'));
  try {
    return takes('') === true && takes('x') === false;
  } catch {
    return false;
  }
}
