// What the proxy asks of sessions: where a call goes that names one, and what its answer tells.
import type { Endpoint, ProxyRoute } from '../route.ts';
import type { SessionStore } from './session.ts';

/** What an answer tells of sessions. */
export interface SessionAnswer {
  readonly method: string;
  readonly status: number;
  /** Key that the call was placed by; left out for a call without a session. */
  readonly sent?: string | undefined;
  /** `Mcp-Session-Id` of the answer. */
  readonly received?: string | undefined;
}

/**
 * Sessions of all routes. A key is a session id (`Mcp-Session-Id`), or what {@link endpointSession} and {@link postedSession} make of
 * an address; a principal is what {@link principalKey} names. No verb waits for the store except `place`, for a key not remembered.
 */
export interface SessionTable {
  /**
   * Where a call goes that names a session; `undefined` for any instance: the session is unknown, so that the upstream decides, or its
   * upstream has one address only.
   *
   * @throws `ERR_PROXY_SESSION` (404, the client starts anew) for a session of somebody else or of another route, and for one whose
   * instance is gone; `ERR_PROXY_PLATFORM` when the store cannot be asked
   */
  place(route: ProxyRoute, key: string, principal: string): Endpoint | undefined | Promise<Endpoint | undefined>;
  /**
   * To be told of every answer of a call that was placed or that holds a session id. A good answer with a new id opens a session. A 404
   * ends the one that was sent, so does a good answer to DELETE; any other good answer binds an id that was unknown to this principal.
   *
   * @param endpoint who answered; `undefined` for a connector by URL
   */
  answered(route: ProxyRoute, principal: string, endpoint: Endpoint | undefined, answer: SessionAnswer): void;
  /** The upstream gave this principal a session: by the `endpoint` event of the old SSE transport. */
  opened(route: ProxyRoute, key: string, principal: string, endpoint: Endpoint | undefined): void;
  /** The session has ended: the stream of the old SSE transport is over. */
  closed(route: ProxyRoute, key: string, principal: string): void;
  /**
   * The instance that a call was placed on could not be connected. Returns when it is one that serves, and may come back.
   *
   * @throws `ERR_PROXY_SESSION` when it was on its way out: the session is gone
   */
  lost(route: ProxyRoute, key: string, principal: string, endpoint: Endpoint): void;
  /** Resolves when everything known so far is in the store, or given up. */
  settled(): Promise<void>;
  /** How many session ids are remembered. */
  readonly size: number;
}

/** What a table is made of. */
export interface SessionTableOptions {
  /** How many sessions are remembered in this process, about 500 bytes each. Default 20,000. The least recently used go first. */
  readonly entries?: number | undefined;
  /** Where they outlive the process. Default: nowhere; what is forgotten is then unknown, and its upstream decides. */
  readonly store?: SessionStore | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told how many changes could not be stored, and why (`undefined`: too many were waiting). Must not throw. Default: nobody is told. */
  readonly onLost?: ((lost: number, cause: unknown) => void) | undefined;
}
