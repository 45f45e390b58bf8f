// Asks an instance over HTTP whether its service answers, without leaving a session behind.
import { request } from 'node:http';
import type { Endpoint } from '@runlayer/provisioner';

/** What came of one probe. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number }
  /** The service answers, but has nothing at the MCP path. */
  | { readonly kind: 'path_missing'; readonly status: number }
  /** `connected`: the port took the connection, and no HTTP answer came. */
  | { readonly kind: 'silent'; readonly connected: boolean };

const answerMs = 2000;

/**
 * Any HTTP status is an answer; 404 at the MCP path is not, unless a POST says otherwise.
 * GET comes first, as it opens no session. Servers without a GET stream answer it with 405, or with 404 where a router only knows POST:
 * then an empty object is posted, which is no valid message and so cannot open a session either.
 * @see https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#streamable-http
 */
export async function probe(endpoint: Endpoint, path: string | undefined, signal: AbortSignal): Promise<Answer> {
  const target = targetOf(path ?? '/');
  const got = await call(endpoint, target, 'GET', signal);
  if (path === undefined || (got.kind === 'answered' ? got.status !== 404 : !got.connected)) return got;
  const posted = await call(endpoint, target, 'POST', signal);
  if (posted.kind === 'answered' && posted.status !== 404) return posted;
  return got.kind === 'answered' ? { kind: 'path_missing', status: 404 } : got;
}

/** A path as a request may carry it, whatever a person wrote. */
function targetOf(path: string): string {
  const { pathname, search } = new URL(`http://service${path.startsWith('/') ? '' : '/'}${path}`);
  return pathname + search;
}

type Called = { readonly kind: 'answered'; readonly status: number } | { readonly kind: 'silent'; readonly connected: boolean };

function call({ host, port }: Endpoint, path: string, method: 'GET' | 'POST', signal: AbortSignal): Promise<Called> {
  return new Promise((resolve) => {
    let connected = false;
    const body = method === 'POST' ? '{}' : '';
    const headers = {
      accept: method === 'POST' ? 'application/json, text/event-stream' : 'text/event-stream',
      'user-agent': 'runlayer-health',
      ...(method === 'POST' ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
    };
    const message = request({
      host,
      port,
      path,
      method,
      headers,
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
    });
    message.on('socket', (socket) => socket.on('connect', () => (connected = true)));
    message.on('response', (response) => {
      // The head suffices: an event stream would go on for ever.
      response.destroy();
      resolve({ kind: 'answered', status: response.statusCode ?? 0 });
    });
    message.on('error', () => resolve({ kind: 'silent', connected }));
    message.end(body);
  });
}
