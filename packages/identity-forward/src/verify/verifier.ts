// What a verifier is and what it needs, whichever engine checks its signatures.
import type { HeaderSource } from '../headers/read-header.ts';
import type { PublicJwkSet } from '../jwk.ts';
import type { Fetch } from './fetch-key-set.ts';
import type { VerifiedIdentity } from './identity.ts';
import type { ReplayStore } from './replay-store.ts';

/** What `createVerifier` needs to know about this server. */
export interface VerifierOptions {
  /** Public address of the platform, without a trailing slash (`RUNLAYER_URL` in a deployed container). */
  readonly issuer: string;
  /** Id of this server in the platform (`RUNLAYER_SERVER_ID`): a token for any other server is refused. */
  readonly serverId: string;
  /**
   * Where the platform publishes its keys. https, or http on this machine (loopback, or `host.docker.internal`, Docker's
   * name for it). A private address over https is taken: the choice is yours, and no token can change it.
   * Default: `/.well-known/runlayer-identity-forward.jwks.json` below the issuer.
   */
  readonly jwksUrl?: string | undefined;
  /** Fixed keys instead of an address: nothing is fetched, and a rotation needs a restart. */
  readonly jwks?: PublicJwkSet | undefined;
  /** Seconds by which the clocks may differ, 0–30. Default: 30. */
  readonly leewaySeconds?: number | undefined;
  /**
   * Seconds, from the moment it was asked for, for which the last good key set serves while the address is down, 0–86,400.
   * Then every token is refused until the keys can be had. With 0 a set serves for as long as its answer allows and no longer. Default: 3600.
   */
  readonly staleSeconds?: number | undefined;
  /** Refuses a token that comes twice. Asked last, only about tokens that are right. Default: none, tokens may come again until they expire. */
  readonly replay?: ReplayStore | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: (() => number) | undefined;
  /** Replaces the global `fetch`, for a proxy or a test. */
  readonly fetch?: Fetch | undefined;
  /** Milliseconds that one fetch of the keys, or one answer of the replay store, may take, 1–30,000. Default: 5000. */
  readonly timeoutMs?: number | undefined;
}

/** Checks identity tokens for one server. Make one and keep it: it holds the keys. */
export interface Verifier {
  /**
   * Who calls, from the value of `X-Runlayer-Identity-Token`.
   *
   * @throws {@link import('../identity-error.ts').IdentityError} with a code `ERR_IDENTITY_TOKEN_*` (status 401) for any token that is
   * not wholly right, `ERR_IDENTITY_KEYS_UNAVAILABLE` (503) while no keys can be had, `ERR_IDENTITY_REPLAY_STORE` (503) while the
   * replay store does not answer.
   */
  verify(token: string): Promise<VerifiedIdentity>;
  /**
   * Who calls, from the headers of a request: a web `Headers`, or `req.headers` of Node, Express or Fastify.
   *
   * @throws As {@link Verifier.verify}, and `ERR_IDENTITY_TOKEN_MISSING` or `ERR_IDENTITY_TOKEN_REPEATED` (401).
   */
  verifyRequest(headers: HeaderSource): Promise<VerifiedIdentity>;
}
