// Tokens that every verifier must accept.
import { goodClaims, goodHeader, now, signParts } from './craft.ts';

/** A token to accept. */
export interface GoodToken {
  readonly name: string;
  readonly token: string;
}

/** Every kind of subject, and the edges of what is allowed. */
export function goodTokens(): GoodToken[] {
  const { user, agent, obo } = goodClaims;
  const tokens: [name: string, claims: Record<string, unknown>, header?: Record<string, unknown>][] = [
    ['a user', user],
    ['an agent with a name outside ASCII', agent],
    ['an agent on behalf of a user', obo],
    ['an agent without a display name', { ...agent, agent_name: '' }],
    ['a clock that is 30 s ahead of ours', { ...user, iat: now + 30, exp: now + 330 }],
    ['expired 29 s ago, within the leeway', { ...user, iat: now - 329, exp: now - 29 }],
    ['a lifetime of one second', { ...user, exp: now + 1 }],
    ['a claim that a later platform may add', { ...user, locale: 'fr' }],
    ['a header without a type', user, { alg: goodHeader['alg'], kid: goodHeader['kid'] }],
  ];
  return tokens.map(([name, claims, header = goodHeader]) => ({ name, token: signParts(header, claims) }));
}
