// Makes tokens that no signer would make: any header, any payload, any signature, always the same bytes.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { IdentityClaims } from '../claims.ts';
import type { PublicJwk } from '../jwk.ts';

/** Fixed facts that every vector is made for. */
export const issuer = 'https://runlayer.example';
/** The server that checks the vectors. */
export const serverId = '5e4d1f0a-0000-4000-8000-000000000001';
/** The moment at which the vectors are checked: 2026-01-02T03:04:05Z. */
export const now = 1_767_323_045;

/** A key with a secret that everybody knows. */
export interface TestKey {
  readonly secret: KeyObject;
  readonly jwk: PublicJwk;
}

const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The Ed25519 key whose secret is the SHA-256 of a phrase. */
function keyFrom(phrase: string): TestKey {
  const seed = createHash('sha256').update(phrase).digest();
  const secret = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
  const x = createPublicKey(secret).export({ format: 'jwk' }).x ?? '';
  return { secret, jwk: jwkOf(x) };
}

/** The point as the platform publishes it, whether it is a good one or not. */
export function jwkOf(x: string): PublicJwk {
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' };
}

/** The platform's key. */
export const platformKey: TestKey = keyFrom('the platform of the vectors');
/** Published ahead of its use. */
export const nextKey: TestKey = keyFrom('the next key of the vectors');
/** Signs no more, but is still published: what it signed is still alive. */
export const retiredKey: TestKey = keyFrom('the retired key of the vectors');
/** Was the platform's once, and is taken back. */
export const revokedKey: TestKey = keyFrom('the revoked key of the vectors');
/** A key that is not published. */
export const forgersKey: TestKey = keyFrom('the forger of the vectors');

/** Text is taken as it stands, bytes too, anything else as JSON. */
export type Part = string | Uint8Array | Readonly<Record<string, unknown>> | readonly unknown[] | number | null;

/** One part of a token. */
export function encodePart(part: Part): string {
  const raw = typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part);
  return Buffer.from(raw).toString('base64url');
}

/** A token of these parts, signed with a key. */
export function signParts(header: Part, payload: Part, key: TestKey = platformKey): string {
  const message = `${encodePart(header)}.${encodePart(payload)}`;
  return `${message}.${sign(null, Buffer.from(message), key.secret).toString('base64url')}`;
}

/** The header that the platform writes for a key. */
export function headerOf(kid: string): Readonly<Record<string, unknown>> {
  return { alg: 'EdDSA', typ: 'JWT', kid };
}

/** The header that the platform writes. */
export const goodHeader: Readonly<Record<string, unknown>> = headerOf(platformKey.jwk.kid);

type Of<Type> = Extract<IdentityClaims, { readonly subject_type: Type }>;
/** Flat, so that it is a record like any other part. */
type ClaimsOf<Type> = Pick<Of<Type>, keyof Of<Type>>;

const common = {
  iss: issuer,
  aud: `runlayer:identity-forward:${serverId}`,
  iat: now,
  exp: now + 300,
  jti: '01f2c3d4-0000-4000-8000-000000000002',
  organization_id: '0a000000-0000-4000-8000-000000000003',
};
const user = { user_id: '0b000000-0000-4000-8000-000000000004', user_email: 'ann@example.com' };
const agent = { agent_id: '0c000000-0000-4000-8000-000000000005', agent_name: '研究助手' };

/** Good claims of each subject type. */
export const goodClaims: { readonly [Type in IdentityClaims['subject_type']]: ClaimsOf<Type> } = {
  user: { ...common, subject_type: 'user', sub: user.user_id, ...user },
  agent: { ...common, subject_type: 'agent', sub: agent.agent_id, ...agent },
  obo: { ...common, subject_type: 'obo', sub: user.user_id, ...user, ...agent },
};
