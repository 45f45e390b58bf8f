import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodePart, goodClaims, goodHeader, issuer, now, platformKey, serverId } from '../test-vectors/craft.ts';
import { createVerifier as createWebVerifier } from '../verify/index.ts';
import type { Verifier, VerifierOptions } from '../verify/index.ts';
import { createVerifier } from './index.ts';

const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const sha512 = (...parts: Uint8Array[]): Buffer => createHash('sha512').update(Buffer.concat(parts)).digest();
const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const toBytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();

/** The secret number behind the platform's key: RFC 8032 section 5.1.5. */
function secretNumber(): bigint {
  const bytes = sha512(Buffer.from(platformKey.secret.export({ format: 'jwk' }).d ?? '', 'base64url')).subarray(0, 32);
  bytes[0] = (bytes[0] ?? 0) & 248;
  bytes[31] = ((bytes[31] ?? 0) & 63) | 64;
  return toNumber(bytes);
}

const point = Buffer.from(platformKey.jwk.x, 'base64url');
const message = Buffer.from(`${encodePart(goodHeader)}.${encodePart(goodClaims.user)}`);

/** What the owner of the key can sign with the identity in place of a random point. OpenSSL 3.0 (Node 20) takes it, 3.5 (Node 24) does not. */
function signedWith(first: Buffer): Buffer {
  const challenge = toNumber(sha512(first, point, message)) % order;
  return Buffer.concat([first, toBytes((challenge * secretNumber()) % order)]);
}

const tokenOf = (signature: Uint8Array): string => `${message.toString()}.${Buffer.from(signature).toString('base64url')}`;
const identity = Buffer.from(`01${'00'.repeat(31)}`, 'hex');
const identityAbovePrime = Buffer.from(`ee${'ff'.repeat(30)}7f`, 'hex');

const keysOf = (x: string): VerifierOptions['jwks'] => {
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
  return { keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' }] };
};

describe.each<[string, (options: VerifierOptions) => Verifier]>([
  ['WebCrypto', createWebVerifier],
  ['node:crypto', (options) => createVerifier({ ...options, engine: 'node' })],
  ['libsodium', (options) => createVerifier({ ...options, engine: 'sodium' })],
])('%s', (_name, create) => {
  const clock = (): number => now * 1000;
  const verifier = create({ issuer, serverId, clock, jwks: { keys: [platformKey.jwk] } });

  it.each([
    ['with a point of small order, by the owner of the key', signedWith(identity)],
    ['with a point above the prime, by the owner of the key', signedWith(identityAbovePrime)],
    ['of a zero and a point of order 4', Buffer.alloc(64)],
    ['whose second half is the order of the group', Buffer.concat([identity, toBytes(order)])],
    ['whose second half is as large as can be', Buffer.concat([point, Buffer.alloc(32, 0xff)])],
  ])('refuses a signature %s [ID-5]', async (_case, signature) => {
    await expect(verifier.verify(tokenOf(signature))).rejects.toMatchObject({ code: 'ERR_IDENTITY_TOKEN_SIGNATURE' });
  });

  it.each([
    ['of small order', identity],
    ['above the prime', identityAbovePrime],
    ['of 31 bytes', point.subarray(1)],
    ['of 33 bytes', Buffer.concat([point, Buffer.of(0)])],
    ['that is not on the curve', Buffer.from(`02${'00'.repeat(31)}`, 'hex')],
  ])('takes no key %s [ID-4]', async (_case, bytes) => {
    const weak = create({ issuer, serverId, clock, jwks: keysOf(bytes.toString('base64url')) });
    const kid = keysOf(bytes.toString('base64url'))?.keys[0]?.kid;
    const text = `${encodePart({ ...goodHeader, kid })}.${encodePart(goodClaims.user)}`;
    // Of zeros it would fit a key of small order.
    const token = `${text}.${Buffer.concat([identity, Buffer.alloc(32)]).toString('base64url')}`;
    await expect(weak.verify(token)).rejects.toMatchObject({ code: expect.stringMatching(/KEYS_UNAVAILABLE|SIGNATURE/) });
  });
});
