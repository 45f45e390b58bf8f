// T4 and T13: key sets that a verifier must read right. Each stands with the tokens to check by it and nothing else.
import { createHash } from 'node:crypto';
import {
  encodePart,
  forgersKey,
  goodClaims,
  goodHeader,
  headerOf,
  jwkOf,
  nextKey,
  platformKey,
  retiredKey,
  revokedKey,
  signParts,
} from './craft.ts';
import type { TestKey } from './craft.ts';
import type { Forgery } from './forgery.ts';
import { goodBy } from './good-tokens.ts';
import type { GoodToken } from './good-tokens.ts';

/** A document served as key set, whatever it is, and what follows from it. */
export interface KeySetCase {
  readonly name: string;
  readonly jwks: unknown;
  readonly good: readonly GoodToken[];
  readonly bad: readonly Forgery[];
}

const { jwk } = platformKey;
const byPlatform = goodBy('signed with the current key', platformKey);
const by = (key: TestKey, kid: string = key.jwk.kid): string => signParts(headerOf(kid), goodClaims.user, key);

function unpublished(name: string, token: string, attack = 'T4'): Forgery {
  return { attack, name, token, code: 'ERR_IDENTITY_TOKEN_KEY' };
}

function rotation(): KeySetCase[] {
  return [
    {
      name: 'a next, a current and a retired key',
      jwks: { keys: [nextKey.jwk, jwk, retiredKey.jwk] },
      good: [goodBy('signed with the next key', nextKey), byPlatform, goodBy('signed with the retired key', retiredKey)],
      bad: [
        unpublished('signed with a revoked key', by(revokedKey)),
        {
          attack: 'T4',
          name: 'the current key under the kid of the next',
          token: by(platformKey, nextKey.jwk.kid),
          code: 'ERR_IDENTITY_TOKEN_SIGNATURE',
        },
        {
          attack: 'T4',
          name: 'a forger under the kid of the retired',
          token: by(forgersKey, retiredKey.jwk.kid),
          code: 'ERR_IDENTITY_TOKEN_SIGNATURE',
        },
      ],
    },
    {
      name: 'the same key twice',
      jwks: { keys: [jwk, jwk] },
      good: [byPlatform],
      bad: [unpublished('signed with another key', by(forgersKey))],
    },
    {
      name: 'a key without alg and use',
      jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: jwk.x, kid: jwk.kid }] },
      good: [byPlatform],
      bad: [],
    },
    {
      name: 'members that a later platform may add',
      jwks: { keys: [{ ...jwk, iat: 1, note: 'x' }], cache: {} },
      good: [byPlatform],
      bad: [],
    },
  ];
}

/** Two keys under one kid: the fingerprint tells which of them is it. */
function twoUnderOneKid(): KeySetCase[] {
  const impostor = { ...forgersKey.jwk, kid: jwk.kid };
  const bad: Forgery[] = [
    {
      attack: 'T4',
      name: 'a forger under the kid that two keys have',
      token: by(forgersKey, jwk.kid),
      code: 'ERR_IDENTITY_TOKEN_SIGNATURE',
    },
    unpublished('a forger under its own kid', by(forgersKey)),
  ];
  return [
    { name: 'two keys under one kid, the right one first', jwks: { keys: [jwk, impostor] }, good: [byPlatform], bad },
    { name: 'two keys under one kid, the right one last', jwks: { keys: [impostor, jwk] }, good: [byPlatform], bad },
  ];
}

/** Keys to pass over, each beside a good one. The token is signed with what stands there, and asks for it by its kid. */
function passedOver(): KeySetCase[] {
  const { x, kid } = forgersKey.jwk;
  const keys: [name: string, key: unknown][] = [
    ['a key under a name that is not its fingerprint', { ...forgersKey.jwk, kid: 'A'.repeat(43) }],
    ['a key under the name of a third', { ...forgersKey.jwk, kid: nextKey.jwk.kid }],
    ['a key without a kid', { ...forgersKey.jwk, kid: undefined }],
    ['a key whose kid is a list', { ...forgersKey.jwk, kid: [kid] }],
    ['a key for encryption', { ...forgersKey.jwk, use: 'enc' }],
    ['a key for another algorithm', { ...forgersKey.jwk, alg: 'ES256' }],
    ['a key of another curve', { ...forgersKey.jwk, crv: 'X25519' }],
    ['a key of another type', { ...forgersKey.jwk, kty: 'EC', y: x }],
    ['a secret to share', { kty: 'oct', k: x, kid, alg: 'EdDSA', use: 'sig' }],
    ['a key published with its secret', { ...forgersKey.jwk, d: forgersKey.secret.export({ format: 'jwk' }).d }],
    ['a key in lower case', { ...forgersKey.jwk, crv: 'ed25519' }],
    ['a key with a padded point', { ...forgersKey.jwk, x: `${x}=` }],
    ['a key with a padded point under its fingerprint', jwkOf(`${x}=`)],
    ['a key with a space in its point', jwkOf(`${x.slice(0, 9)} ${x.slice(9)}`)],
    ['a key with spare bits in its point', jwkOf(withSpareBit(x))],
    ['a key with a point of 31 bytes', { ...forgersKey.jwk, x: x.slice(0, -2) }],
    ['a key with a point of 33 bytes', { ...forgersKey.jwk, x: `${x.slice(0, -1)}AAA` }],
    ['a key whose point is a list', { ...forgersKey.jwk, x: [x] }],
  ];
  return keys.map(([name, key]) => {
    const asked = (key as { kid?: unknown }).kid;
    const token = by(forgersKey, typeof asked === 'string' ? asked : kid);
    return { name, jwks: { keys: [key, jwk] }, good: [byPlatform], bad: [unpublished(`signed with ${name}`, token)] };
  });
}

/** The same bytes: of the last character two bits stand for nothing. */
function withSpareBit(x: string): string {
  return x.slice(0, -1) + String.fromCharCode(x.charCodeAt(x.length - 1) + 1);
}

/** Points that anyone can sign for. The spellings above the prime name the same points. */
const weakPoints: readonly (readonly [name: string, hex: string])[] = [
  ['the neutral point', `01${'00'.repeat(31)}`],
  ['the neutral point with a sign', `01${'00'.repeat(30)}80`],
  ['the neutral point above the prime', `ee${'ff'.repeat(30)}7f`],
  ['the neutral point above the prime with a sign', `ee${'ff'.repeat(30)}ff`],
  ['the point of order 2', `ec${'ff'.repeat(30)}7f`],
  ['the point of order 2 with a sign', `ec${'ff'.repeat(30)}ff`],
  ['a point of order 4', '00'.repeat(32)],
  ['a point of order 4 with a sign', `${'00'.repeat(31)}80`],
  ['a point of order 4 above the prime', `ed${'ff'.repeat(30)}7f`],
  ['a point of order 4 above the prime with a sign', `ed${'ff'.repeat(30)}ff`],
  ['a point of order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ['a point of order 8 with a sign', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
  ['another point of order 8', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
  ['another point of order 8 with a sign', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
];

function weakKeys(): KeySetCase[] {
  return weakPoints.map(([name, hex]) => {
    const weak = jwkOf(Buffer.from(hex, 'hex').toString('base64url'));
    return {
      name: `${name} as a key`,
      jwks: { keys: [weak, jwk] },
      good: [byPlatform],
      bad: [unpublished(`a signature without a secret, for ${name}`, signedByNobody(weak.x, weak.kid), 'T10')],
    };
  });
}

/** Order of the large group. @see https://www.rfc-editor.org/rfc/rfc8032#section-5.1 */
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

/**
 * Made without a secret. With the neutral point as first half and zero as second, a verifier that takes the key compares the
 * neutral point with the key times a hash; for a key of order 8 at most, one jti in eight makes that true.
 */
function signedByNobody(x: string, kid: string): string {
  const neutral = Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]);
  for (let attempt = 0; ; attempt += 1) {
    const message = `${encodePart(headerOf(kid))}.${encodePart({ ...goodClaims.user, jti: `attempt-${attempt}` })}`;
    const hash = createHash('sha512').update(neutral).update(Buffer.from(x, 'base64url')).update(message).digest();
    const scalar = BigInt(`0x${Buffer.from(hash.toReversed()).toString('hex')}`) % order;
    if (scalar % 8n === 0n) return `${message}.${Buffer.concat([neutral, Buffer.alloc(32)]).toString('base64url')}`;
  }
}

/** Documents that are no key set: no token can be accepted by them, not even a good one. */
function noKeySets(): KeySetCase[] {
  const documents: [name: string, jwks: unknown][] = [
    ['null', null],
    ['text', '<!doctype html><title>Sign in</title>'],
    ['a list of keys', [jwk]],
    ['a key alone', jwk],
    ['keys that are no list', { keys: jwk }],
    ['keys by their kid', { keys: { [jwk.kid]: jwk } }],
    ['no keys', { keys: [] }],
    ['an error', { error: 'not found' }],
    ['keys of other kinds alone', { keys: [null, 'key', 7, [jwk], { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: jwk.kid }] }],
  ];
  return documents.map(([name, jwks]) => ({
    name: `${name} as key set`,
    jwks,
    good: [],
    bad: [
      {
        attack: 'T13',
        name: `a good token by ${name}`,
        token: signParts(goodHeader, goodClaims.user),
        code: 'ERR_IDENTITY_KEYS_UNAVAILABLE',
      },
    ],
  }));
}

/** Every key set with its tokens. */
export function keySetCases(): KeySetCase[] {
  return [...rotation(), ...twoUnderOneKid(), ...passedOver(), ...weakKeys(), ...noKeySets()];
}
