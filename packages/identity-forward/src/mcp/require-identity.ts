// The identity in MCP servers of the official SDK, 1.x and 2.x, behind Node's request or a web-standard one.
import { nodeMiddleware } from '../adapter/node-middleware.ts';
import type { NodeMiddleware, NodeRequest } from '../adapter/node-middleware.ts';
import { refuseWith } from '../adapter/refusal.ts';
import type { RefusalOptions } from '../adapter/refusal.ts';
import type { VerifiedIdentity } from '../verify/identity.ts';
import type { Verifier } from '../verify/verifier.ts';
import { authInfoOf } from './auth-info.ts';
import type { IdentityAuthInfo } from './auth-info.ts';

/** A web-standard MCP handler, such as `createMcpHandler` of `@modelcontextprotocol/server` makes. */
export interface McpHandler {
  fetch(request: Request, options: { authInfo: IdentityAuthInfo; parsedBody?: unknown }): Promise<Response>;
}

/** A web-standard handler for whatever serves requests: `toNodeHandler`, Hono, Deno, Bun or a worker. */
export interface IdentifiedMcpHandler {
  fetch(request: Request, options?: { readonly parsedBody?: unknown }): Promise<Response>;
}

/**
 * Middleware for Express, connect or node:http in front of an MCP endpoint: fills `request.auth`, which the Node transports of
 * both SDK generations (`StreamableHTTPServerTransport`, `SSEServerTransport`, `toNodeHandler`) hand to the tools as `authInfo`.
 * It answers a refused request itself, with 403 (or the status asked for) or 503.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when the status is neither 401 nor 403.
 * @example
 * app.use('/mcp', requireIdentity(createVerifier({ issuer, serverId })));
 * server.registerTool('whoami', {}, ({ authInfo }) => answer(identityOf(authInfo)));
 */
export function requireIdentity(
  verifier: Verifier,
  { status = 403 }: RefusalOptions = {},
): NodeMiddleware<NodeRequest & { auth?: IdentityAuthInfo }> {
  return nodeMiddleware(verifier, refuseWith(status), (request, identity) => {
    request.auth = authInfoOf(identity);
  });
}

/**
 * A web-standard MCP handler behind the check: `fetch` passes only requests with a valid identity token on, with the `authInfo`
 * of their caller, whatever `authInfo` came along. It answers a refused request itself, with 403 (or the status asked for) or 503.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when the status is neither 401 nor 403.
 * @example
 * export default withIdentity(verifier, createMcpHandler(createServer));
 */
export function withIdentity(verifier: Verifier, handler: McpHandler, { status = 403 }: RefusalOptions = {}): IdentifiedMcpHandler {
  const refuse = refuseWith(status);
  return {
    async fetch(request, options) {
      let identity: VerifiedIdentity;
      try {
        identity = await verifier.verifyRequest(request.headers);
      } catch (error) {
        const { body, ...init } = refuse(error);
        return new Response(body, init);
      }
      const authInfo = authInfoOf(identity);
      // Named one by one: runtimes pass things of their own as the second argument.
      return handler.fetch(request, options?.parsedBody === undefined ? { authInfo } : { authInfo, parsedBody: options.parsedBody });
    },
  };
}
