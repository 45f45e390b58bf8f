// Lets pages of other sites call with a key: keys travel in headers that a page must hold, never by themselves as cookies do.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a page may read of an answer, beyond the headers every page may. */
const exposed = 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, X-Request-ID, X-Runlayer-Origin, Retry-After, Location';
const offered =
  'Authorization, Content-Type, Accept, Last-Event-ID, Mcp-Session-Id, MCP-Protocol-Version, Mcp-Method, Mcp-Name, x-runlayer-api-key';
const longestRequest = 2048;

/** Headers of every answer to a page of another site. Credentials are not allowed, so no cookie takes part. */
export const corsHeaders: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': exposed,
};

/** Whether a browser asks what it may send. @see https://fetch.spec.whatwg.org/#cors-preflight-request */
export function isPreflight(req: IncomingMessage): boolean {
  return req.method === 'OPTIONS' && req.headers.origin !== undefined && req.headers['access-control-request-method'] !== undefined;
}

/** Answers a preflight without credentials: any header may be sent, so that custom ones and `Mcp-Param-*` get through. */
export function answerPreflight(req: IncomingMessage, res: ServerResponse): void {
  const asked = req.headers['access-control-request-headers'];
  const headers = typeof asked === 'string' && asked !== '' && asked.length <= longestRequest ? asked : offered;
  res.writeHead(204, {
    ...corsHeaders,
    'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS',
    'Access-Control-Allow-Headers': headers,
    'Access-Control-Max-Age': '600',
    Vary: 'Origin, Access-Control-Request-Headers',
  });
  res.end();
}
