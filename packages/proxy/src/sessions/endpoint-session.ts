// The session of the old SSE transport: its `endpoint` event names the address that messages are posted to.
import { isBelow } from '../public-address.ts';
import type { AddressMap } from '../public-address.ts';

/**
 * The key of the session that an `endpoint` event opens: upstream path and query of the address, which the client posts back to. An
 * address that leads to another origin opens none.
 *
 * @param address as the event names it: relative, absolute, a whole URL, or already public
 * @param streamPath upstream path of the stream, against which a relative address is read
 */
export function endpointSession(address: string, streamPath: string, map: AddressMap): string | undefined {
  const base = `${map.upstreamOrigins[0]}${streamPath}`;
  if (!URL.canParse(address, base)) return undefined;
  const { origin, pathname, search } = new URL(address, base);
  const path = pathname + search;
  const isOwn = map.upstreamOrigins.includes(origin);
  if (isBelow(path, map.prefix) && (isOwn || origin === map.platformOrigin)) return upstreamAddress(path.slice(map.prefix.length), map);
  return isOwn ? path : undefined;
}

/** What stands upstream behind a public address, without its prefix. */
function upstreamAddress(path: string, { mcpPath }: AddressMap): string {
  return mcpPath !== undefined && isBelow(path, '/mcp') ? mcpPath + path.slice('/mcp'.length) : path;
}

/** Whether a key is an address, and no session id. */
export function isAddress(key: string): boolean {
  return key.startsWith('/');
}

/** Whether a key is an address without a query. Servers that give one and the same address to every client are known by it. */
export function isPlainAddress(key: string): boolean {
  return isAddress(key) && !key.includes('?');
}

/**
 * The key under which a call without a session id may belong to a session of the old SSE transport; `undefined` for all other calls,
 * so that a stateless one costs nothing.
 *
 * @param path upstream path and query of the call
 * @param mcpPath upstream path and query of the MCP endpoint
 */
export function postedSession(method: string | undefined, path: string, mcpPath: string): string | undefined {
  return method === 'POST' && path !== mcpPath ? path : undefined;
}
