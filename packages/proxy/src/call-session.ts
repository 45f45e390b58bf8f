// For whom a call counts while it runs, and to which MCP session it belongs.
import type { Admission } from './admission.ts';
import { tooManyCalls } from './call-checks.ts';
import type { ProxyParts } from './parts.ts';
import type { PreparedRoute } from './prepared-route.ts';
import type { Endpoint, ProxyRoute } from './route.ts';
import { endpointSession, postedSession } from './sessions/endpoint-session.ts';
import { principalKey } from './sessions/principal-key.ts';

/** The request's line, as a session may be named by it. */
export interface SessionRequest {
  readonly method: string;
  /** Upstream path and query. */
  readonly path: string;
  /** `Mcp-Session-Id`. */
  readonly sessionId: string | undefined;
  /** `Last-Event-ID`. */
  readonly lastEventId: string | undefined;
}

type SessionParts = Pick<ProxyParts, 'sessions' | 'eventIds' | 'concurrency'>;

/** The place of one call among those of its caller. Made when a call begins to count, left when it ends. */
export class CallSession {
  /** The instance that holds the session; `undefined` for any. */
  endpoint: Endpoint | undefined = undefined;
  readonly #parts: SessionParts;
  readonly #route: ProxyRoute;
  readonly #principal: string;
  readonly #request: SessionRequest;
  /** Key of the session that the call names. */
  readonly #key: string | undefined;
  /** Key of the session that this stream of the old transport opened. */
  #opened: string | undefined = undefined;

  /** @throws `ERR_PROXY_BUSY`, `ERR_PROXY_UNAVAILABLE` when there is no room for one more */
  constructor(request: SessionRequest, { prepared, subject }: Admission, parts: SessionParts) {
    this.#parts = parts;
    this.#route = prepared.route;
    this.#principal = principalKey(subject);
    this.#request = request;
    const posted = subject === undefined ? undefined : postedSession(request.method, request.path, prepared.mcpPath + prepared.mcpQuery);
    this.#key = request.sessionId ?? posted;
    const bound = parts.concurrency.enter(this.#principal, this.#route.id);
    if (bound !== undefined) throw tooManyCalls(bound);
  }

  /** A session goes back to the instance that made it, and only for whom it was made. @throws `ERR_PROXY_SESSION`, `ERR_PROXY_PLATFORM` */
  place(): Endpoint | undefined | Promise<Endpoint | undefined> {
    const { lastEventId } = this.#request;
    if (lastEventId !== undefined) this.#parts.eventIds.check(this.#route, this.#principal, lastEventId);
    return this.#key === undefined ? undefined : this.#parts.sessions.place(this.#route, this.#key, this.#principal);
  }

  /** Notes what an answer tells of sessions: the one that was named, and one that it opens. */
  answered(status: number, received: string | undefined, endpoint: Endpoint | undefined): void {
    if (this.#key === undefined && received === undefined) return;
    const { method } = this.#request;
    this.#parts.sessions.answered(this.#route, this.#principal, endpoint, { method, status, sent: this.#key, received });
  }

  /** Notes the address that the old transport's stream names for its messages. */
  namedEndpoint(address: string, { addresses }: PreparedRoute, endpoint: Endpoint | undefined): void {
    this.#opened = endpointSession(address, this.#request.path, addresses);
    if (this.#opened !== undefined) this.#parts.sessions.opened(this.#route, this.#opened, this.#principal, endpoint);
  }

  /** Takes the chunks of an event stream, whose ids are then this caller's to go on from. */
  watchEvents(): (chunk: Buffer) => void {
    return this.#parts.eventIds.watch(this.#route, this.#principal);
  }

  /** The instance could not be connected. @throws `ERR_PROXY_SESSION` when it held the session and will not come back */
  unreachable(): void {
    if (this.#key !== undefined && this.endpoint !== undefined)
      this.#parts.sessions.lost(this.#route, this.#key, this.#principal, this.endpoint);
  }

  /** The call has ended. Call it once. */
  leave(): void {
    this.#parts.concurrency.leave(this.#principal, this.#route.id);
    if (this.#opened !== undefined) this.#parts.sessions.closed(this.#route, this.#opened, this.#principal);
  }
}
