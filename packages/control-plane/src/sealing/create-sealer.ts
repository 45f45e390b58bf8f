// AES-256-GCM over several keys: the first one seals, every one opens, so that keys can be rotated.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { fail } from '../error-codes.ts';
import type { SealedPlace, Sealer } from './sealer.ts';

/** Bytes of a sealing key. */
export const sealKeyBytes = 32;
const version = 'v1';
const tagBytes = 16;

/**
 * A sealer of one or more keys of 32 bytes. An envelope is `v1.<key id>.<nonce>.<ciphertext and tag>`, with a random 96-bit nonce;
 * row, column and key id are authenticated with it. Throws `ERR_SEAL_KEY_INVALID`.
 *
 * @see https://csrc.nist.gov/pubs/sp/800/38/d/final — a random nonce is good for 2^32 values under one key.
 */
export function createSealer(keys: readonly Uint8Array[]): Sealer {
  const byId = new Map(keys.map((key) => [keyIdOf(key), key] as const));
  const [first] = byId;
  if (first === undefined) throw fail('ERR_SEAL_KEY_INVALID', 'No sealing key was given.');
  const [currentId, currentKey] = first;
  return {
    seal(plain, place) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', currentKey, nonce);
      cipher.setAAD(bound(place, currentId));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return [version, currentId, nonce.toString('base64url'), body.toString('base64url')].join('.');
    },
    open(sealed, place) {
      const { keyId, nonce, body } = parse(sealed);
      const key = byId.get(keyId);
      if (key === undefined) throw fail('ERR_SEAL_KEY_WRONG', `A value was sealed with the key ${keyId}, which was not given.`);
      return decipher(key, nonce, body, bound(place, keyId)) ?? broken(place);
    },
    isCurrent: (sealed) => sealed.startsWith(`${version}.${currentId}.`),
  };
}

/** Names a key without telling anything of it. */
function keyIdOf(key: Uint8Array): string {
  if (key.length !== sealKeyBytes) throw fail('ERR_SEAL_KEY_INVALID', `A sealing key has ${key.length} bytes; it needs ${sealKeyBytes}.`);
  return createHash('sha256').update('runlayer sealing key id\0').update(key).digest('base64url').slice(0, 10);
}

function bound({ row, column }: SealedPlace, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([version, keyId, column, row]));
}

function parse(sealed: string): { keyId: string; nonce: Buffer; body: Buffer } {
  const [found, keyId, nonce, body] = sealed.split('.');
  if (found !== version || keyId === undefined || nonce === undefined || body === undefined) {
    throw fail('ERR_SEAL_BROKEN', 'A sealed value is not in a known form.');
  }
  return { keyId, nonce: Buffer.from(nonce, 'base64url'), body: Buffer.from(body, 'base64url') };
}

function decipher(key: Uint8Array, nonce: Buffer, body: Buffer, aad: Buffer): string | undefined {
  try {
    const opener = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    opener.setAAD(aad);
    opener.setAuthTag(body.subarray(-tagBytes));
    return Buffer.concat([opener.update(body.subarray(0, -tagBytes)), opener.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function broken({ row, column }: SealedPlace): never {
  throw fail('ERR_SEAL_BROKEN', `The sealed value in ${column} of ${row} was changed, or belongs to another row.`);
}
