// Turns a published key set into keys to verify with, leaving out whatever is not a plain Ed25519 key under its own name.
import { decode, encode } from 'jose/base64url';
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint';
import { IdentityError } from '../identity-error.ts';
import type { CheckSignature, ReadyKey } from './signature.ts';
import { isUnsafePoint } from './unsafe-point.ts';

/** Verification keys by their `kid`. */
export type KeySet = ReadonlyMap<string, CheckSignature>;

const mostKeys = 64;

/**
 * The usable keys of a JSON Web Key Set. Keys of other kinds are passed over, as RFC 7517 section 5 asks. A `kid` must be the
 * key's own thumbprint, so two keys cannot share one.
 *
 * @throws `ERR_IDENTITY_KEYS_UNAVAILABLE` when it is no key set, or has more than 64 keys, or none that is usable.
 */
export async function readKeySet(document: unknown, ready: ReadyKey): Promise<KeySet> {
  const keys = typeof document === 'object' && document !== null ? (document as { keys?: unknown }).keys : undefined;
  if (!Array.isArray(keys) || keys.length > mostKeys) throw unusable(`is not a list of at most ${mostKeys} keys`);
  const read = await Promise.all(keys.map((jwk) => readKey(jwk, ready)));
  const usable = read.filter((entry) => entry !== undefined);
  if (usable.length === 0) throw unusable('holds no usable Ed25519 key');
  return new Map(usable);
}

async function readKey(jwk: unknown, ready: ReadyKey): Promise<[kid: string, key: CheckSignature] | undefined> {
  if (typeof jwk !== 'object' || jwk === null || !isPlainEd25519(jwk as Record<string, unknown>)) return undefined;
  const { x, kid } = jwk as { x: string; kid: unknown };
  try {
    const point = decode(x);
    // Another spelling of a point is another kid for the same key, and runtimes disagree on which they read.
    if (point.length !== 32 || encode(point) !== x || isUnsafePoint(point)) return undefined;
    if (kid !== (await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x }, 'sha256'))) return undefined;
    return [kid, await ready(x)];
  } catch {
    return undefined;
  }
}

/** A key published with its secret (`d`) proves nothing any more. */
function isPlainEd25519({ kty, crv, x, d, alg, use }: Record<string, unknown>): boolean {
  const named = kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string';
  return named && d === undefined && (alg === undefined || alg === 'EdDSA') && (use === undefined || use === 'sig');
}

function unusable(what: string): IdentityError {
  return new IdentityError('ERR_IDENTITY_KEYS_UNAVAILABLE', `The key set of the platform ${what}.`);
}
