// Every claim of an identity token, each required and bounded. Pure: the clock comes as a number.
import { tokenLifetimeSeconds } from '../claims.ts';
import type { IdentityClaims } from '../claims.ts';
import type { IdentityErrorCode } from '../error-codes.ts';
import { IdentityError } from '../identity-error.ts';
import { subjectFault } from '../subject-fault.ts';
import { isVisibleAscii } from '../visible-ascii.ts';
import { identityOf } from './identity.ts';
import type { VerifiedIdentity } from './identity.ts';
import type { JsonObject } from './strict-json.ts';

/** What the claims are held against. */
export interface Expected {
  readonly issuer: string;
  readonly audience: string;
  readonly leewaySeconds: number;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * The identity in the claims, when each is there, of its type, within bounds, and in accord with the others.
 *
 * @throws `ERR_IDENTITY_TOKEN_ISSUER`, `_AUDIENCE`, `_TIME`, `_EXPIRED`, `_CLAIMS` or `_SUBJECT`.
 */
export function checkClaims(payload: JsonObject, expected: Expected): VerifiedIdentity {
  // Compared byte by byte: a slash, a port or another case is another issuer.
  if (payload['iss'] !== expected.issuer) throw refuse('ISSUER', 'The identity token comes from another issuer.');
  if (payload['aud'] !== expected.audience) throw refuse('AUDIENCE', 'The identity token is not for this server, or not for it alone.');
  checkTimes(payload, expected);
  checkTokenId(payload['jti']);
  return readSubject(payload);
}

function checkTimes({ iat, exp, nbf }: JsonObject, { now, leewaySeconds }: Expected): void {
  if (!isSeconds(iat) || !isSeconds(exp)) throw refuse('TIME', 'iat and exp of the identity token are not whole seconds.');
  // Asked the right way round: a clock that gives no number lets nothing pass.
  if (!(iat <= now + leewaySeconds)) throw refuse('TIME', 'The identity token was issued in the future.');
  if (exp <= iat || exp - iat > tokenLifetimeSeconds)
    throw refuse('TIME', 'The identity token lives longer than 5 minutes, or not at all.');
  if (nbf !== undefined && !(isSeconds(nbf) && nbf <= now + leewaySeconds)) throw refuse('TIME', 'The identity token is not valid yet.');
  checkExpiry(exp, now, leewaySeconds);
}

/**
 * Refuses a token from the second on in which it is dead.
 *
 * @throws `ERR_IDENTITY_TOKEN_EXPIRED`
 */
export function checkExpiry(exp: number, now: number, leewaySeconds: number): void {
  if (!(now < exp + leewaySeconds)) throw refuse('EXPIRED', 'The identity token has expired.');
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function checkTokenId(jti: unknown): void {
  if (typeof jti !== 'string' || jti.length > 128 || !isVisibleAscii(jti))
    throw refuse('CLAIMS', 'jti of the identity token is missing or unusable.');
}

const namesOf = { user: ['user_email', 'user_id'], agent: ['agent_id', 'agent_name'] } as const;

/** Claims that a subject type must have, and those that it must not have. */
const claimsOfType: Readonly<Record<string, { readonly wanted: readonly string[]; readonly strange: readonly string[] }>> = {
  user: { wanted: namesOf.user, strange: namesOf.agent },
  agent: { wanted: namesOf.agent, strange: namesOf.user },
  obo: { wanted: [...namesOf.user, ...namesOf.agent], strange: [] },
};

function readSubject(payload: JsonObject): VerifiedIdentity {
  const type = payload['subject_type'];
  const claims = typeof type === 'string' && Object.hasOwn(claimsOfType, type) ? claimsOfType[type] : undefined;
  if (claims === undefined) throw refuse('CLAIMS', 'subject_type of the identity token is none of user, agent, obo.');
  for (const name of claims.wanted) if (!Object.hasOwn(payload, name)) throw refuse('SUBJECT', `${name} of the identity token is missing.`);
  for (const name of claims.strange)
    if (Object.hasOwn(payload, name)) throw refuse('SUBJECT', `${name} of the identity token does not belong to its subject type.`);
  const identity = identityOf(payload as unknown as IdentityClaims);
  const fault = subjectFault(identity);
  if (fault !== undefined) throw refuse('CLAIMS', `In the identity token, ${fault}`);
  if (payload['sub'] !== (identity.subjectType === 'agent' ? identity.agentId : identity.userId))
    throw refuse('SUBJECT', 'sub of the identity token is not its user or agent.');
  return identity;
}

type Suffix<Code> = Code extends `ERR_IDENTITY_TOKEN_${infer Rest}` ? Rest : never;

function refuse(what: Suffix<IdentityErrorCode>, message: string): IdentityError {
  return new IdentityError(`ERR_IDENTITY_TOKEN_${what}`, message);
}
