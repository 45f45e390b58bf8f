// Signs one identity token per request: what stays the same for a caller is kept ready, only time and id are new.
import { randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { audienceOf, tokenLifetimeSeconds } from '../claims.ts';
import { IdentityError } from '../identity-error.ts';
import { checkIssuer, checkServerId } from '../issuer.ts';
import type { SigningKey } from '../jwk.ts';
import { subjectFault } from '../subject-fault.ts';
import type { Subject } from '../subject.ts';
import { createClaimsCache } from './claims-cache.ts';
import { importSigningKey } from './signing-key.ts';

/** What {@link createSigner} needs. */
export interface SignerOptions {
  /** Public address of the platform, without a trailing slash: the `iss` of every token. */
  readonly issuer: string;
  /** The key to sign with, or a function that names the current one: it is asked for every token. */
  readonly key: SigningKey | (() => SigningKey);
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: () => number;
  /** A new `jti`, unique per call. Default: a random UUID. */
  readonly newId?: () => string;
  /** How many (subject, server) pairs to keep ready. Default: 1000. */
  readonly cacheSize?: number;
}

/** Signs identity tokens. */
export interface Signer {
  /**
   * A token for one request of `subject` to one server, valid for five minutes. Never use it twice.
   *
   * @throws `ERR_IDENTITY_SUBJECT` for an incomplete or anonymous subject, `ERR_IDENTITY_OPTIONS` for an unusable server id,
   * `ERR_IDENTITY_SIGNING_KEY` for a broken key.
   */
  sign(subject: Subject, serverId: string): string;
}

/**
 * A signer for one platform. Signing is synchronous and takes tens of microseconds.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when the issuer is not a web address without a trailing slash.
 */
export function createSigner(options: SignerOptions): Signer {
  const issuer = checkIssuer(options.issuer);
  const { clock = Date.now, newId = randomUUID, cacheSize = 1000 } = options;
  const currentKey = keyReader(options.key);
  const constantClaims = createClaimsCache(cacheSize, (subject, serverId) => claimsOf(issuer, subject, serverId));
  return {
    sign(subject, serverId) {
      const { header, secret } = currentKey();
      const now = Math.floor(clock() / 1000);
      const times = { iat: now, exp: now + tokenLifetimeSeconds, jti: newId() };
      const payload = constantClaims(subject, serverId) + JSON.stringify(times).slice(1);
      const message = `${header}.${Buffer.from(payload).toString('base64url')}`;
      return `${message}.${sign(null, Buffer.from(message), secret).toString('base64url')}`;
    },
  };
}

interface ReadyKey {
  readonly header: string;
  readonly secret: KeyObject;
}

/** Imports a key once, not per token: rotation changes it every few weeks. */
function keyReader(key: SignerOptions['key']): () => ReadyKey {
  let source: SigningKey | undefined;
  let ready: ReadyKey | undefined;
  return () => {
    const current = typeof key === 'function' ? key() : key;
    if (ready === undefined || !sameKey(current, source)) {
      const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'JWT', kid: current.kid })).toString('base64url');
      ready = { header, secret: importSigningKey(current) };
      source = { ...current };
    }
    return ready;
  };
}

function sameKey(one: SigningKey, other: SigningKey | undefined): boolean {
  return one.kid === other?.kid && one.x === other.x && one.d === other.d;
}

/** The JSON of the claims that do not change, left open for the times: `{…,`. */
function claimsOf(issuer: string, subject: Subject, serverId: string): string {
  const sub = subject.subjectType === 'agent' ? subject.agentId : subject.userId;
  const claims = { iss: issuer, aud: audienceOf(checkServerId(serverId)), sub, ...subjectClaims(subject) };
  return `${JSON.stringify(claims).slice(0, -1)},`;
}

function subjectClaims(subject: Subject): Record<string, string> {
  const fault = isAnonymous(subject) ? 'An anonymous caller gets no token.' : subjectFault(subject);
  if (fault !== undefined) throw new IdentityError('ERR_IDENTITY_SUBJECT', fault);
  return {
    subject_type: subject.subjectType,
    organization_id: subject.organizationId,
    ...(subject.subjectType === 'agent' ? {} : { user_email: subject.userEmail, user_id: subject.userId }),
    ...(subject.subjectType === 'user' ? {} : { agent_id: subject.agentId, agent_name: wellFormed(subject.agentName) }),
  };
}

function isAnonymous(subject: Subject): boolean {
  return (subject as { subjectType: string }).subjectType === 'anonymous';
}

/** Half a surrogate pair has no UTF-8 form: other languages would choke on the name. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}
