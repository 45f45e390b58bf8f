// T1 to T4: another algorithm, a key brought along, a strange kid, another key.
import { createHmac, createPublicKey } from 'node:crypto';
import { encodePart, forgersKey, goodClaims, goodHeader, platformKey, signParts } from './craft.ts';
import type { Part } from './craft.ts';
import { family } from './forgery.ts';
import type { Forgery } from './forgery.ts';

const { kid } = platformKey.jwk;
const claims = goodClaims.user;

function hmacSigned(secret: string | Buffer): string {
  const message = `${encodePart({ alg: 'HS256', typ: 'JWT', kid })}.${encodePart(claims)}`;
  return `${message}.${createHmac('sha512', secret).update(message).digest('base64url')}`;
}

const publicPem = (): string | Buffer => createPublicKey(platformKey.secret).export({ format: 'pem', type: 'spki' });

/** Forgeries by the token's header. */
export function headerForgeries(): Forgery[] {
  const withHeader = (header: Part): string => signParts(header, claims);
  const withMember = (member: Record<string, unknown>): string => withHeader({ ...goodHeader, ...member });
  const byForger = (member: Record<string, unknown>): string => signParts({ ...goodHeader, ...member }, claims, forgersKey);
  return [
    ...family('T1', 'ERR_IDENTITY_TOKEN_HEADER', withMember, [
      ['alg none over a good signature', { alg: 'none' }],
      ['alg None', { alg: 'None' }],
      ['alg RS256', { alg: 'RS256' }],
      ['alg ES256', { alg: 'ES256' }],
      ['alg Ed25519, the other name', { alg: 'Ed25519' }],
      ['alg Ed448', { alg: 'Ed448' }],
      ['alg in lower case', { alg: 'eddsa' }],
      ['alg with a space', { alg: 'EdDSA ' }],
      ['alg as a list', { alg: ['EdDSA'] }],
      ['alg null', { alg: null }],
      ['no alg', { alg: undefined }],
    ]),
    ...family('T1', 'ERR_IDENTITY_TOKEN_HEADER', hmacSigned, [
      ['HS256 keyed with the public point', Buffer.from(platformKey.jwk.x, 'base64url')],
      ['HS256 keyed with the public PEM', publicPem()],
    ]),
    ...family('T1', 'ERR_IDENTITY_TOKEN_FORM', (header: Part) => `${encodePart(header)}.${encodePart(claims)}.`, [
      ['alg none without a signature', { alg: 'none', typ: 'JWT', kid }],
      ['no signature at all', goodHeader],
    ]),
    ...family('T2', 'ERR_IDENTITY_TOKEN_HEADER', byForger, [
      ['a key in the header', { jwk: forgersKey.jwk }],
      ['a key in the header and its kid', { jwk: forgersKey.jwk, kid: forgersKey.jwk.kid }],
      ['an address of keys in the header', { jku: 'https://evil.example/jwks.json' }],
      ['an address of a certificate in the header', { x5u: 'https://evil.example/cert.pem' }],
      ['a certificate in the header', { x5c: ['MIIB'] }],
    ]),
    ...family('T2', 'ERR_IDENTITY_TOKEN_HEADER', withMember, [
      ['crit', { crit: ['exp'] }],
      ['an empty crit', { crit: [] }],
      ['b64 false', { b64: false, crit: ['b64'] }],
      ['b64 false, not critical', { b64: false }],
      ['compression', { zip: 'DEF' }],
      ['an access token by its type', { typ: 'at+jwt' }],
    ]),
    ...family('T3', 'ERR_IDENTITY_TOKEN_HEADER', withMember, [
      ['a path as kid', { kid: '../../../../dev/null' }],
      ['SQL as kid', { kid: "' OR '1'='1' --" }],
      ['an address as kid', { kid: 'https://evil.example/key' }],
      ['an empty kid', { kid: '' }],
      ['no kid', { kid: undefined }],
      ['a number as kid', { kid: 1 }],
      ['a list as kid', { kid: [kid] }],
      ['a very long kid', { kid: 'A'.repeat(1000) }],
      ['a kid with a line end', { kid: `${kid}\n` }],
      ['a kid with spare bits set', { kid: `${'A'.repeat(42)}B` }],
      ['__proto__ as kid', { kid: '__proto__' }],
    ]),
    ...family('T4', 'ERR_IDENTITY_TOKEN_SIGNATURE', byForger, [['another key under the published kid', {}]]),
    ...family('T4', 'ERR_IDENTITY_TOKEN_KEY', byForger, [['a key that is not published', { kid: forgersKey.jwk.kid }]]),
  ];
}
