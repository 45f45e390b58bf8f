// T8: what a verifier with a memory must tell apart. Each step is one call, and the memory lives through all of them.
import { forgersKey, goodClaims, goodHeader, now, signParts } from './craft.ts';
import type { IdentityErrorCode } from '../error-codes.ts';

/** One call. */
export interface ReplayStep {
  readonly name: string;
  /** Seconds since 1970 at which the token arrives. */
  readonly now: number;
  readonly token: string;
  /** What our verifier answers; `null` when it accepts. */
  readonly code: IdentityErrorCode | null;
}

type Change = Readonly<Record<string, unknown>>;

const { user, agent } = goodClaims;
const replayed: IdentityErrorCode = 'ERR_IDENTITY_TOKEN_REPLAYED';
const token = (change: Change): string => signParts(goodHeader, { ...user, ...change });
const first = token({ jti: 'first' });
const second = token({ jti: 'second' });
const short = token({ jti: 'short', exp: now + 1 });

/** The calls, in order. */
export function replaySteps(): ReplayStep[] {
  const steps: [name: string, after: number, token: string, code: IdentityErrorCode | null][] = [
    ['a token', 0, first, null],
    ['the same token at once', 0, first, replayed],
    ['another token of the same caller', 0, second, null],
    ['the first token a minute later', 60, first, replayed],
    ['the jti of the first in a token made anew', 60, token({ jti: 'first', iat: now + 60, exp: now + 360 }), replayed],
    ['a jti that begins like the first', 60, token({ jti: 'first-of-many' }), null],
    ['the jti of the first in other letters', 60, token({ jti: 'FIRST' }), null],
    ['a forgery with a fresh jti', 60, signParts(goodHeader, { ...user, jti: 'burnt' }, forgersKey), 'ERR_IDENTITY_TOKEN_SIGNATURE'],
    ['the real token with that jti, which the forgery must not have used up', 60, token({ jti: 'burnt' }), null],
    [
      'a token for another server with a fresh jti',
      60,
      token({ jti: 'elsewhere', aud: 'runlayer:identity-forward:other' }),
      'ERR_IDENTITY_TOKEN_AUDIENCE',
    ],
    ['the token for this server with that jti', 60, token({ jti: 'elsewhere' }), null],
    ['an agent', 60, signParts(goodHeader, { ...agent, jti: 'agent' }), null],
    ['the token of the agent again', 61, signParts(goodHeader, { ...agent, jti: 'agent' }), replayed],
    ['a jti that every object has', 61, token({ jti: '__proto__' }), null],
    ['that jti again', 61, token({ jti: '__proto__' }), replayed],
    ['a token of one second', 0, short, null],
    ['the token of one second within the leeway', 30, short, replayed],
    ['the token of one second after the leeway', 31, short, 'ERR_IDENTITY_TOKEN_EXPIRED'],
    ['the first token in the last second of its leeway', 329, first, replayed],
    ['the first token when it has expired', 330, first, 'ERR_IDENTITY_TOKEN_EXPIRED'],
  ];
  return steps.map(([name, after, value, code]) => ({ name, now: now + after, token: value, code }));
}
