// What a proxy is made of, and the bounds it keeps.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { AccessRecord, RunningCall } from './access-record.ts';
import type { Authenticate, Sign } from './caller.ts';
import type { Routes } from './route.ts';
import type { SessionStore } from './sessions/session.ts';

/** Bounds in time and memory. */
export interface ProxyLimits {
  /** Milliseconds to open a connection to an upstream. Default 5,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds until an upstream's response head; 0 waits for ever. Default 3,600,000: a tool may think for half an hour and more. */
  readonly firstByteTimeoutMs?: number | undefined;
  /** Milliseconds an idle upstream connection is kept. Default 4,000: uvicorn and Node close theirs after 5,000. */
  readonly keepAliveTimeoutMs?: number | undefined;
  /** Milliseconds an answer of `authenticate` is believed, at most 30,000. Default 1,000: so long may a revoked key live. */
  readonly authenticationTtlMs?: number | undefined;
  /** Answers of `authenticate` kept. Default 10,000. */
  readonly authenticationEntries?: number | undefined;
  /** Bytes of a request body that is read whole before it is sent on; longer ones stream. Default 65,536. */
  readonly wholeBodyBytes?: number | undefined;
  /** Milliseconds in which such a body must have arrived. Default 60,000: nobody may hold a call open with a byte now and then. */
  readonly wholeBodyMs?: number | undefined;
  /** Most bytes of a request body; 0 for no bound. Default 0: bodies stream, so a long one takes no memory. */
  readonly requestBodyBytes?: number | undefined;
  /** Calls that one caller may have running at one route, streams included. Default 10,000. */
  readonly concurrentCalls?: number | undefined;
  /** Calls that run at once in all; 0 for no bound. Default 0. */
  readonly totalCalls?: number | undefined;
  /** Milliseconds of silence after which an answer that is no event stream is cut; 0 for never. Default 0. */
  readonly idleTimeoutMs?: number | undefined;
  /** Milliseconds of silence on an event stream before a comment line is written; 0 for never. Default 15,000. */
  readonly streamCommentMs?: number | undefined;
  /** Milliseconds between two looks at whether running calls would still be admitted; 0 for never. Default 5,000. */
  readonly recheckMs?: number | undefined;
}

/** Parts of a proxy. */
export interface ProxyOptions {
  readonly routes: Routes;
  readonly authenticate: Authenticate;
  /** Mints identity tokens. Needed for routes whose `forward.token` is on. */
  readonly sign?: Sign | undefined;
  /** Public address of the platform, such as `https://mcp.example.com`. */
  readonly platformUrl: string;
  /** Other host names (without port) under which callers may reach it. Default: none; loopback names when `platformUrl` is loopback. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Web origins that may call a platform on loopback, such as `https://inspector.example.com`. Default: loopback origins only. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Cookies whose name begins so (also after `__Host-` or `__Secure-`) are the platform's: never sent upstream, never taken from one. Default `runlayer`. */
  readonly cookiePrefix?: string | undefined;
  /** Whether a connector by URL may reach an address that is not public. Default: never. */
  readonly allowAddress?: ((address: string) => boolean) | undefined;
  /** Resolves host names of connectors by URL. Default `dns.lookup`. */
  readonly lookup?: LookupFunction | undefined;
  /** Parameters added to the `WWW-Authenticate: Bearer` challenge of a URL, such as `resource_metadata="…"`. Default: none. */
  readonly challenge?: ((publicUrl: string) => string) | undefined;
  /** Where MCP sessions outlive this process, and are seen by others that serve the same routes. Default: nowhere. */
  readonly sessions?: SessionStore | undefined;
  /** Told how many changes of sessions could not be stored, and why. Must not throw. */
  readonly onSessionsLost?: ((lost: number, cause: unknown) => void) | undefined;
  readonly limits?: ProxyLimits | undefined;
  /** Told of every call, after its answer. Must not throw. */
  readonly accessLog?: ((record: AccessRecord) => void) | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: (() => number) | undefined;
}

/** What a proxy counts besides the calls that its access records tell of. */
export interface ProxyStats {
  /** Calls that run now, and how many of them are event streams. */
  readonly running: { readonly calls: number; readonly streams: number };
  /** Credentials that were looked up, ever: remembered, or asked. */
  readonly authentication: { readonly hits: number; readonly misses: number };
  /** Instances that get no calls now, and attempts that did not connect, ever. */
  readonly circuits: { readonly open: number; readonly failures: number };
  /** Calls that had no room, ever. */
  readonly refused: number;
  /** MCP sessions remembered. */
  readonly sessions: number;
}

/** A reverse proxy for a `node:http` server. */
export interface Proxy {
  /** Whether {@link Proxy.handle} wants a request with this `req.url`. Ask before any framework does. */
  matches(url: string | undefined): boolean;
  /**
   * Answers a request. Never throws.
   *
   * @param awaitsContinue whether the caller waits for `100 Continue` before it sends the body, as for a server's `checkContinue` event:
   * it is sent once the call is admitted
   */
  handle(req: IncomingMessage, res: ServerResponse, awaitsContinue?: boolean): void;
  /** Forgets what `authenticate` said, of one credential or of all: the next call asks again, and running calls that would be refused now are cut. */
  invalidate(credential?: string): void;
  /** Cuts the running calls that match, streams among them, and says how many: for a user who was disabled or a deployment that is gone. */
  disconnect(matches: (call: RunningCall) => boolean): number;
  /** Numbers of now and of all time, for metrics. */
  stats(): ProxyStats;
  /** Takes no more calls (503), lets running ones finish for `graceMs` (default 0), then cuts them and closes every connection. */
  close(graceMs?: number): Promise<void>;
}
