// The verifier over any engine: cheap checks first, then the key, the signature, and the memory of used tokens; nothing is told
// before all have passed.
import { audienceOf, jwksPath } from '../claims.ts';
import { IdentityError } from '../identity-error.ts';
import { checkIssuer, checkServerId } from '../issuer.ts';
import { checkClaims, checkExpiry } from './check-claims.ts';
import { checkJwksUrl } from './check-jwks-url.ts';
import { fetchKeySet } from './fetch-key-set.ts';
import type { Fetch } from './fetch-key-set.ts';
import type { VerifiedIdentity } from './identity.ts';
import { createKeyCache, unknownKey } from './key-cache.ts';
import type { KeySource } from './key-cache.ts';
import { readKeySet } from './key-set.ts';
import { readToken } from './read-token.ts';
import type { TokenParts } from './read-token.ts';
import { claimOnce } from './replay-store.ts';
import type { CheckSignature, ReadyKey } from './signature.ts';
import { tokenFromHeaders } from './token-from-headers.ts';
import { isUnsafePoint } from './unsafe-point.ts';
import type { Verifier, VerifierOptions } from './verifier.ts';

/** A verifier whose signatures are checked by what `readyKey` gives. Throws as `createVerifier` says. */
export function assembleVerifier(options: VerifierOptions, readyKey: ReadyKey): Verifier {
  const issuer = checkIssuer(options.issuer);
  const audience = audienceOf(checkServerId(options.serverId));
  const leewaySeconds = within('leewaySeconds', options.leewaySeconds ?? 30, 0, 30);
  const timeoutMs = within('timeoutMs', options.timeoutMs ?? 5000, 1, 30_000);
  const { clock = Date.now, replay } = options;
  if (replay !== undefined && typeof replay?.claim !== 'function') throw wrong('replay is no store: it has no claim function.');
  const keys = keySource({ issuer, clock, timeoutMs, readyKey }, options);
  const nowSeconds = (): number => Math.floor(clock() / 1000);

  async function verify(token: string): Promise<VerifiedIdentity> {
    const parts = readToken(token);
    const identity = checkClaims(parts.payload, { issuer, audience, leewaySeconds, now: nowSeconds() });
    const { claims } = identity;
    const found = keys.find(parts.kid, claims);
    // Nothing is awaited that is at hand.
    const answer = ask(typeof found === 'function' ? found : await found, parts);
    if (!(typeof answer === 'boolean' ? answer : await answer)) throw wrongSignature();
    // Keys may be long in coming, and a replay store remembers no token past its death.
    checkExpiry(claims.exp, nowSeconds(), leewaySeconds);
    keys.verified(claims);
    if (replay !== undefined) await claimOnce(replay, `${issuer} ${audience} ${claims.jti}`, claims.exp + leewaySeconds, timeoutMs);
    return identity;
  }
  return { verify, verifyRequest: async (headers) => verify(tokenFromHeaders(headers)) };
}

interface Rim {
  readonly issuer: string;
  readonly clock: () => number;
  readonly timeoutMs: number;
  readonly readyKey: ReadyKey;
}

function keySource({ issuer, clock, timeoutMs, readyKey }: Rim, options: VerifierOptions): KeySource {
  const staleMs = within('staleSeconds', options.staleSeconds ?? 3600, 0, 86_400) * 1000;
  if (options.jwks !== undefined) return fixedKeys(readKeySet(options.jwks, readyKey));
  const url = checkJwksUrl(options.jwksUrl ?? `${issuer}${jwksPath}`);
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  return createKeyCache({ clock, staleMs, load: () => fetchKeySet({ url, timeoutMs, fetch, readyKey }) });
}

function fixedKeys(reading: ReturnType<typeof readKeySet>): KeySource {
  let read: Awaited<typeof reading> | undefined;
  // A failure is told to whoever verifies; unheard until then, it would end the process.
  reading.then(
    (keys) => {
      read = keys;
    },
    () => undefined,
  );
  return {
    find: (kid) => (read === undefined ? reading.then((keys) => keys.get(kid) ?? unknownKey()) : (read.get(kid) ?? unknownKey())),
    verified: () => undefined,
  };
}

function ask(check: CheckSignature, { message, signature }: TokenParts): boolean | Promise<boolean> {
  // Who has the secret key can sign with such a point, and engines disagree on it.
  if (isUnsafePoint(signature)) return false;
  try {
    const answer = check(message, signature);
    return typeof answer === 'boolean' ? answer : answer.catch(() => false);
  } catch {
    return false;
  }
}

function wrongSignature(): IdentityError {
  return new IdentityError('ERR_IDENTITY_TOKEN_SIGNATURE', 'The signature of the identity token does not match.');
}

function within(name: string, value: number, least: number, most: number): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw wrong(`${name} is not between ${least} and ${most}.`);
}

function wrong(message: string): IdentityError {
  return new IdentityError('ERR_IDENTITY_OPTIONS', message);
}
