// The verifier: cheap checks first, then the key, then the signature; nothing is told before all have passed.
import { compactVerify } from 'jose/jws/compact/verify';
import type { CryptoKey } from 'jose';
import { audienceOf, jwksPath } from '../claims.ts';
import type { PublicJwkSet } from '../jwk.ts';
import { IdentityError } from '../identity-error.ts';
import { checkIssuer, checkServerId } from '../issuer.ts';
import type { HeaderSource } from '../headers/read-header.ts';
import { checkClaims } from './check-claims.ts';
import { checkJwksUrl } from './check-jwks-url.ts';
import { fetchKeySet } from './fetch-key-set.ts';
import type { Fetch } from './fetch-key-set.ts';
import type { VerifiedIdentity } from './identity.ts';
import { identityOf } from './identity.ts';
import { createKeyCache, unknownKey } from './key-cache.ts';
import type { FindKey } from './key-cache.ts';
import { readKeySet } from './key-set.ts';
import { tokenFromHeaders } from './token-from-headers.ts';
import { readToken } from './read-token.ts';

/** What {@link createVerifier} needs to know about this server. */
export interface VerifierOptions {
  /** Public address of the platform, without a trailing slash (`RUNLAYER_URL` in a deployed container). */
  readonly issuer: string;
  /** Id of this server in the platform (`RUNLAYER_SERVER_ID`): a token for any other server is refused. */
  readonly serverId: string;
  /**
   * Where the platform publishes its keys. https, or http on this machine (loopback, or `host.docker.internal`, Docker's
   * name for it). Default: `/.well-known/runlayer-identity-forward.jwks.json` below the issuer.
   */
  readonly jwksUrl?: string | undefined;
  /** Fixed keys instead of an address: nothing is fetched, and a rotation needs a restart. */
  readonly jwks?: PublicJwkSet | undefined;
  /** Seconds by which the clocks may differ, 0–30. Default: 30. */
  readonly leewaySeconds?: number | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: (() => number) | undefined;
  /** Replaces the global `fetch`, for a proxy or a test. */
  readonly fetch?: Fetch | undefined;
  /** Milliseconds that one fetch of the keys may take, 1–30,000. Default: 5000. */
  readonly timeoutMs?: number | undefined;
}

/** Checks identity tokens for one server. Make one and keep it: it holds the keys. */
export interface Verifier {
  /**
   * Who calls, from the value of `X-Runlayer-Identity-Token`.
   *
   * @throws {@link IdentityError} with a code `ERR_IDENTITY_TOKEN_*` (status 401) for any token that is not wholly right,
   * `ERR_IDENTITY_KEYS_UNAVAILABLE` (503) while no keys can be had.
   */
  verify(token: string): Promise<VerifiedIdentity>;
  /**
   * Who calls, from the headers of a request: a web `Headers`, or `req.headers` of Node, Express or Fastify.
   *
   * @throws As {@link Verifier.verify}, and `ERR_IDENTITY_TOKEN_MISSING` or `ERR_IDENTITY_TOKEN_REPEATED` (401).
   */
  verifyRequest(headers: HeaderSource): Promise<VerifiedIdentity>;
}

/**
 * A verifier for the server with this id, behind the platform at this address. Fetches nothing until the first token.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when an option is missing or out of bounds.
 * @example
 * const verifier = createVerifier({ issuer: process.env.RUNLAYER_URL, serverId: process.env.RUNLAYER_SERVER_ID });
 * const caller = await verifier.verifyRequest(request.headers);
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const issuer = checkIssuer(options.issuer);
  const audience = audienceOf(checkServerId(options.serverId));
  const leewaySeconds = within('leewaySeconds', options.leewaySeconds ?? 30, 0, 30);
  const clock = options.clock ?? Date.now;
  const findKey = keySource(issuer, clock, options);

  async function verify(token: string): Promise<VerifiedIdentity> {
    const { header, payload } = readToken(token);
    const claims = checkClaims(payload, { issuer, audience, leewaySeconds, now: Math.floor(clock() / 1000) });
    await checkSignature(token, await findKey(header.kid));
    return identityOf(claims);
  }
  return { verify, verifyRequest: async (headers) => verify(tokenFromHeaders(headers)) };
}

function keySource(issuer: string, clock: () => number, options: VerifierOptions): FindKey {
  if (options.jwks !== undefined) {
    const keys = readKeySet(options.jwks);
    // Told to whoever verifies; unheard until then, it would end the process.
    keys.catch(() => undefined);
    return async (kid) => (await keys).get(kid) ?? unknownKey();
  }
  const url = checkJwksUrl(options.jwksUrl ?? `${issuer}${jwksPath}`);
  const timeoutMs = within('timeoutMs', options.timeoutMs ?? 5000, 1, 30_000);
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  return createKeyCache({ clock, load: () => fetchKeySet({ url, timeoutMs, fetch }) });
}

async function checkSignature(token: string, key: CryptoKey): Promise<void> {
  try {
    await compactVerify(token, key, { algorithms: ['EdDSA'] });
  } catch {
    throw new IdentityError('ERR_IDENTITY_TOKEN_SIGNATURE', 'The signature of the identity token does not match.');
  }
}

function within(name: string, value: number, least: number, most: number): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new IdentityError('ERR_IDENTITY_OPTIONS', `${name} is not between ${least} and ${most}.`);
}
