// The upstream port on plain sockets: the lean way to containers. Addresses that people name, and encrypted ones, go another way.
import { isIPv6 } from 'node:net';
import type { Upstream, UpstreamLimits, UpstreamListener, UpstreamRequest } from '../upstream.ts';
import type { Connection, ConnectionTimes, Writes } from './connection.ts';
import { Deadlines } from './deadlines.ts';
import { Http1Error } from './http1-error.ts';
import { OriginPool } from './origin-pool.ts';
import { requestText } from './request-text.ts';

/** Milliseconds between two looks at deadlines, by the shortest of them. */
const rarestLookMs = 500;
const oftenestLookMs = 10;

/** What is kept of an origin as long as it has connections. */
interface Origin {
  /** `Host` for a request that names none. */
  readonly authority: string;
  readonly calls: OriginPool;
  /** Streams have connections of their own, so that calls never wait for them. */
  readonly streams: OriginPool;
}

/**
 * Sends requests over HTTP/1.1 to `http:` origins, without a cap on connections: a cap makes one stream too many wait for ever.
 * An answer that is doubtful in any way is an error, and its connection is destroyed.
 *
 * Errors carry a code of `Http1ErrorCode` or the system's own. What a listener throws when it is told something ends its request,
 * and comes back to it in `onError`.
 *
 * @param limits milliseconds, kept within half a second; 0 is no limit, and for `keepAliveTimeoutMs` no reuse
 */
export function createHttp1Upstream(limits: UpstreamLimits, writes: Writes = atOnce): Upstream {
  const times = { connectMs: limits.connectTimeoutMs, firstByteMs: limits.firstByteTimeoutMs, idleMs: limits.keepAliveTimeoutMs };
  const deadlines = new Deadlines<Connection>(lookEvery(times));
  const origins = new Map<string, Origin>();
  let closed = false;

  function openOrigin(url: string): Origin {
    const { host, port, authority } = readOrigin(url);
    const pool = (): OriginPool => new OriginPool({ host, port }, times, deadlines, writes, () => forget(url));
    const origin = { authority, calls: pool(), streams: pool() };
    origins.set(url, origin);
    return origin;
  }

  /** An origin without connections is a container that is gone, as far as can be told. */
  function forget(url: string): void {
    const origin = origins.get(url);
    if (origin !== undefined && origin.calls.empty && origin.streams.empty) origins.delete(url);
  }

  function send(request: UpstreamRequest, listener: UpstreamListener): void {
    if (closed) throw new Http1Error('UND_ERR_DESTROYED', 'The client was closed.');
    if (request.guarded) throw new Http1Error('UND_ERR_NOT_SUPPORTED', 'This client does not check addresses.');
    const origin = origins.get(request.origin) ?? openOrigin(request.origin);
    const text = requestText(request, origin.authority);
    (request.longLived ? origin.streams : origin.calls).send(request, text, listener);
  }

  return {
    send(request, listener) {
      try {
        send(request, listener);
      } catch (error) {
        forget(request.origin);
        listener.onError(error as Error);
      }
    },
    async close() {
      closed = true;
      deadlines.stop();
      await Promise.all([...deadlines.watched].map((connection) => connection.close()));
    },
  };
}

const atOnce: Writes = { write: (socket, text) => void socket.write(text, 'latin1') };

function lookEvery(times: ConnectionTimes): number {
  const shortest = Math.min(...Object.values(times).filter((time: number) => time > 0));
  return Math.min(rarestLookMs, Math.max(oftenestLookMs, shortest / 4));
}

/** @throws `UND_ERR_INVALID_ARG`, `UND_ERR_NOT_SUPPORTED` */
function readOrigin(url: string): { host: string; port: number; authority: string } {
  if (!URL.canParse(url)) throw new Http1Error('UND_ERR_INVALID_ARG', 'The origin is not an address.');
  const { protocol, hostname, port, host } = new URL(url);
  if (protocol !== 'http:') throw new Http1Error('UND_ERR_NOT_SUPPORTED', 'This client speaks plain HTTP only.');
  const bare = hostname.slice(1, -1);
  return { host: isIPv6(bare) ? bare : hostname, port: port === '' ? 80 : Number(port), authority: host };
}
