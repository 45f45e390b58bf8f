// Makes Ed25519 signing keys, named by their fingerprint, and the public half of any number of them.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { IdentityError } from '../identity-error.ts';
import type { PublicJwk, PublicJwkSet, SigningKey } from '../jwk.ts';

/** A fresh Ed25519 key as an exportable JWK; its `kid` is the RFC 7638 thumbprint. @see https://www.rfc-editor.org/rfc/rfc7638 */
export function generateSigningKey(): SigningKey {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  if (x === undefined || d === undefined) throw new IdentityError('ERR_IDENTITY_SIGNING_KEY', 'This runtime exports no Ed25519 key.');
  return { kty: 'OKP', crv: 'Ed25519', x, d, kid: thumbprint(x), alg: 'EdDSA', use: 'sig' };
}

/** The set to publish at `jwksPath`, without any secret part. Keep a key in it for 5 minutes and a verifier's cache age after its last use. */
export function publicJwks(keys: readonly (PublicJwk | SigningKey)[]): PublicJwkSet {
  return { keys: keys.map(({ x, kid }) => ({ kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' })) };
}

/**
 * The key in the form that node:crypto signs with.
 *
 * @throws `ERR_IDENTITY_SIGNING_KEY` when it is no Ed25519 key, its halves do not belong together, or its `kid` is not its thumbprint.
 */
export function importSigningKey(key: SigningKey): KeyObject {
  const secret = readSecret(key);
  if (createPublicKey(secret).export({ format: 'jwk' }).x !== key.x) {
    throw new IdentityError('ERR_IDENTITY_SIGNING_KEY', 'The public half of the signing key does not belong to its secret half.');
  }
  if (key.kid !== thumbprint(key.x))
    throw new IdentityError('ERR_IDENTITY_SIGNING_KEY', 'The kid of the signing key is not its thumbprint.');
  return secret;
}

function readSecret({ kty, crv, x, d }: SigningKey): KeyObject {
  try {
    const secret = createPrivateKey({ format: 'jwk', key: { kty, crv, x, d } });
    if (secret.asymmetricKeyType === 'ed25519') return secret;
  } catch {
    // The cause may quote the key.
  }
  throw new IdentityError('ERR_IDENTITY_SIGNING_KEY', 'The signing key is not an Ed25519 key.');
}

function thumbprint(x: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
}
