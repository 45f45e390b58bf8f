// The callers and tokens of the benchmark: as long as real ones, and as many different ones as are asked for.
import { randomUUID } from 'node:crypto';
import type { SigningKey, Subject } from '@runlayer/identity-forward';
import { createSigner } from '@runlayer/identity-forward/sign';

export const issuer = 'https://runlayer.example.com';
export const serverId = '11111111-1111-4111-8111-111111111111';

/** A user of the one organization. */
export function caller(): Subject {
  const userId = randomUUID();
  return {
    subjectType: 'user',
    organizationId: '22222222-2222-4222-8222-222222222222',
    userId,
    userEmail: `${userId.slice(0, 8)}@example.com`,
  };
}

/** Makes callers, `different` of them, over and over. */
export function callers(different: number): (count: number) => Promise<Subject[]> {
  const all = Array.from({ length: different }, caller);
  return async (count) => Array.from({ length: count }, (_, index) => all[index % different] as Subject);
}

/** Makes tokens, each another one, of a thousand callers. */
export function tokens(key: SigningKey): (count: number) => Promise<string[]> {
  const signer = createSigner({ issuer, key });
  const subjects = callers(1000);
  return async (count) => (await subjects(count)).map((subject) => asReceived(signer.sign(subject, serverId)));
}

/** A text as it comes out of a request: in one piece. One that was just put together is a tree of its parts until somebody reads it. */
function asReceived(token: string): string {
  return Buffer.from(token, 'latin1').toString('latin1');
}

/** What is signed of a token, and the signature. */
export interface Signed {
  readonly message: Buffer<ArrayBuffer>;
  readonly signature: Buffer<ArrayBuffer>;
}

export function signedParts(key: SigningKey): (count: number) => Promise<Signed[]> {
  const make = tokens(key);
  return async (count) => (await make(count)).map(taken);
}

function taken(token: string): Signed {
  const dot = token.lastIndexOf('.');
  return { message: Buffer.from(token.slice(0, dot), 'latin1'), signature: Buffer.from(token.slice(dot + 1), 'base64url') };
}

/** The token with another signature. */
export function spoilToken(token: string): string {
  const at = token.lastIndexOf('.') + 10;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

export function spoilSigned({ message, signature }: Signed): Signed {
  const other = Buffer.from(signature);
  other[9] = (other[9] ?? 0) ^ 1;
  return { message, signature: other };
}
