// Which upstream path stands behind a public URL.
import type { PreparedRoute } from './prepared-route.ts';
import type { RequestTarget } from './request-target.ts';

/**
 * Path and query for the upstream; `undefined` when the URL names nothing there. A hosted URL shows the whole server; a connector
 * only its MCP endpoint as `/mcp`, and the old SSE transport also what its `endpoint` event may name for messages (POST).
 */
export function upstreamPath(target: RequestTarget, prepared: PreparedRoute, method: string): string | undefined {
  if (target.kind === 'hosted') return (target.path === '' ? '/' : target.path) + target.query;
  if (target.path === '/mcp') return prepared.mcpPath + joinedQuery(prepared.mcpQuery, target.query);
  if (target.path === '/mcp/')
    return `${prepared.mcpPath}${prepared.mcpPath.endsWith('/') ? '' : '/'}${joinedQuery(prepared.mcpQuery, target.query)}`;
  return prepared.route.transport === 'sse' && method === 'POST' && target.path !== '' ? target.path + target.query : undefined;
}

function joinedQuery(own: string, given: string): string {
  if (own === '' || given === '') return own + given;
  return `${own}&${given.slice(1)}`;
}
