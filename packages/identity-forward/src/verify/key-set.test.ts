import { describe, expect, it } from 'vitest';
import { forgersKey, jwkOf, platformKey } from '../test-vectors/craft.ts';
import { readKeySet } from './key-set.ts';
import { readyWebKey } from './web-signature.ts';

const good = platformKey.jwk;
const kids = async (...keys: unknown[]): Promise<string[]> => [...(await readKeySet({ keys: [good, ...keys] }, readyWebKey)).keys()];

describe('a key set', () => {
  it('takes each Ed25519 key under its thumbprint, with or without alg and use [ID-4]', async () => {
    const { kty, crv, x, kid } = forgersKey.jwk;
    expect(await kids({ kty, crv, x, kid })).toEqual([good.kid, kid]);
  });

  it.each<[string, unknown]>([
    ['a key under the id of another', { ...forgersKey.jwk, kid: good.kid }],
    ['a key under a name of its own', { ...forgersKey.jwk, kid: 'main' }],
    ['a key without an id', { ...forgersKey.jwk, kid: undefined }],
    ['a key published with its secret', { ...forgersKey.jwk, d: forgersKey.jwk.x }],
    ['a key for another algorithm', { ...forgersKey.jwk, alg: 'ES256' }],
    ['a key for encryption', { ...forgersKey.jwk, use: 'enc' }],
    ['a symmetric key', { kty: 'oct', k: 'AAAA', kid: good.kid }],
    ['an X25519 key', { ...forgersKey.jwk, crv: 'X25519' }],
    ['a key of too few bytes', { ...forgersKey.jwk, x: 'AAAA' }],
    ['a padded point', jwkOf(`${forgersKey.jwk.x}=`)],
    ['a point with a line end', jwkOf(`${forgersKey.jwk.x}\n`)],
    ['a point with spare bits', jwkOf(`${forgersKey.jwk.x.slice(0, -1)}${String.fromCharCode(forgersKey.jwk.x.charCodeAt(42) + 1)}`)],
    ['null', null],
    ['text', 'key'],
  ])('passes over %s', async (_name, key) => {
    expect(await kids(key)).toEqual([good.kid]);
  });

  it('may have 64 keys', async () => {
    expect(await readKeySet({ keys: Array(64).fill(good) }, readyWebKey)).toHaveProperty('size', 1);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a list', [good]],
    ['no list of keys', { keys: good }],
    ['an empty list', { keys: [] }],
    ['no usable key', { keys: [{ kty: 'RSA' }] }],
    ['65 keys', { keys: Array(65).fill(good) }],
  ])('is refused when it is %s', async (_name, document) => {
    await expect(readKeySet(document, readyWebKey)).rejects.toMatchObject({ code: 'ERR_IDENTITY_KEYS_UNAVAILABLE' });
  });
});
