// What computes the signatures: libsodium where it is installed, or else node:crypto. Both give the same bytes.
import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { IdentityError } from '../identity-error.ts';
import { loadSodium } from '../sodium.ts';
import type { Sodium } from '../sodium.ts';

/** Who computes the signatures: libsodium, through the package `sodium-native`, or OpenSSL, through `node:crypto`. */
export type EngineName = 'sodium' | 'node';

/** The signature of a message in base64url. */
export type SignMessage = (message: Buffer) => string;

export interface Engine {
  readonly name: EngineName;
  /** Readies an Ed25519 key. */
  withKey(secret: KeyObject): SignMessage;
}

/**
 * The engine asked for.
 *
 * @throws `ERR_IDENTITY_ENGINE` for `sodium` where it cannot be had.
 */
export function chooseEngine(wanted: EngineName | 'auto'): Engine {
  const sodium = wanted === 'node' ? undefined : loadSodium();
  if (sodium !== undefined) return sodiumEngine(sodium);
  if (wanted === 'sodium')
    throw new IdentityError('ERR_IDENTITY_ENGINE', 'sodium-native is not installed, or does not run on this machine.');
  return nodeEngine;
}

const nodeEngine: Engine = {
  name: 'node',
  withKey: (secret) => (message) => sign(null, message, secret).toString('base64url'),
};

function sodiumEngine(sodium: Sodium): Engine {
  return {
    name: 'sodium',
    withKey(secret) {
      const { d = '', x = '' } = secret.export({ format: 'jwk' });
      // Not from the pool, whose memory other buffers share.
      const seedAndPoint = Buffer.alloc(64);
      seedAndPoint.write(d, 0, 'base64url');
      seedAndPoint.write(x, 32, 'base64url');
      const signature = Buffer.alloc(64);
      return (message) => {
        sodium.crypto_sign_detached(signature, message, seedAndPoint);
        return signature.toString('base64url');
      };
    },
  };
}
