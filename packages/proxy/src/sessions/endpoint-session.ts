// The session of the old SSE transport: its `endpoint` event names the address that messages are posted to.

/**
 * The key of the session that an `endpoint` event opens: path and query of the address, which the client posts back to. An address that
 * leads to another origin opens none.
 *
 * @param address as the event names it: relative, absolute, or a whole URL
 * @param streamPath upstream path of the stream, against which a relative address is read
 * @param upstreamOrigins origins by which the upstream knows itself
 */
export function endpointSession(address: string, streamPath: string, upstreamOrigins: readonly string[]): string | undefined {
  const base = `${upstreamOrigins[0]}${streamPath}`;
  if (!URL.canParse(address, base)) return undefined;
  const { origin, pathname, search } = new URL(address, base);
  return upstreamOrigins.includes(origin) ? pathname + search : undefined;
}

/** Whether a key is an address without a query. Servers that give one and the same address to every client are known by it. */
export function isPlainAddress(key: string): boolean {
  return key.startsWith('/') && !key.includes('?');
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
