// Signs one identity token per request: what stays the same for a caller is kept ready, only time and id are new.
import { randomUUID } from 'node:crypto';
import { longestToken, tokenLifetimeSeconds } from '../claims.ts';
import { IdentityError } from '../identity-error.ts';
import { checkIssuer } from '../issuer.ts';
import type { SigningKey } from '../jwk.ts';
import type { Subject } from '../subject.ts';
import { createCallerCache } from './caller-cache.ts';
import { constantClaims } from './constant-claims.ts';
import { currentKey } from './current-key.ts';
import { chooseEngine } from './engine.ts';
import type { EngineName, SignMessage } from './engine.ts';
import { importSigningKey } from './signing-key.ts';
import { TokenBlank } from './token-blank.ts';

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
  /**
   * Who computes the signatures. Default: `auto`, libsodium where the package `sodium-native` is installed and runs, or else `node:crypto`.
   * The tokens are the same to the byte.
   */
  readonly engine?: EngineName | 'auto';
}

/** A dot and 64 bytes in base64url. */
const signatureLength = 87;

/** Signs identity tokens. */
export interface Signer {
  /** Who computes the signatures, chosen once. */
  readonly engine: EngineName;
  /**
   * A token for one request of `subject` to one server, valid for five minutes. Never use it twice.
   *
   * @throws `ERR_IDENTITY_SUBJECT` for an incomplete or anonymous subject, or one with so many control characters in the name of its
   * agent that the token would be longer than verifiers take, `ERR_IDENTITY_OPTIONS` for an unusable server id,
   * `ERR_IDENTITY_SIGNING_KEY` for a broken key.
   */
  sign(subject: Subject, serverId: string): string;
}

/**
 * A signer for one platform. Signing is synchronous and takes tens of microseconds, nearly all of it the signature.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when the issuer is not a web address without a trailing slash, `ERR_IDENTITY_ENGINE` when the
 * engine is `sodium` and cannot be had.
 */
export function createSigner(options: SignerOptions): Signer {
  const issuer = checkIssuer(options.issuer);
  const { clock = Date.now, newId, cacheSize = 1000 } = options;
  const engine = chooseEngine(options.engine ?? 'auto');
  const timesAt = timesWriter();
  // A UUID holds nothing to escape.
  const quotedId = newId === undefined ? () => `"${randomUUID()}"` : () => JSON.stringify(newId());
  const nextToken = (blank: TokenBlank, sign: SignMessage): string => {
    const times = timesAt(Math.floor(clock() / 1000));
    const tail = Buffer.from(`${blank.rest}${times}"jti":${quotedId()}}`).toString('base64url');
    const message = blank.message(tail);
    if (message.length + signatureLength > longestToken) throw tooLong();
    return `${blank.head}${tail}.${sign(message)}`;
  };
  // With a new key all of it is made anew.
  const tokensNow = currentKey(options.key, (key) => {
    const sign = engine.withKey(importSigningKey(key));
    const header = headerOf(key);
    return createCallerCache(cacheSize, (subject, serverId) => {
      const blank = new TokenBlank(header, constantClaims(issuer, subject, serverId));
      return () => nextToken(blank, sign);
    });
  });
  return { engine: engine.name, sign: (subject, serverId) => tokensNow()(subject, serverId)() };
}

function headerOf({ kid }: SigningKey): string {
  return Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'JWT', kid })).toString('base64url');
}

/** Writes `"iat":…,"exp":…,` once a second. */
function timesWriter(): (now: number) => string {
  let writtenAt: number | undefined;
  let written = '';
  return (now) => {
    if (now !== writtenAt) {
      written = `${JSON.stringify({ iat: now, exp: now + tokenLifetimeSeconds }).slice(1, -1)},`;
      writtenAt = now;
    }
    return written;
  };
}

function tooLong(): IdentityError {
  return new IdentityError('ERR_IDENTITY_SUBJECT', 'The token of this subject is longer than the 8 KiB that verifiers take.');
}
