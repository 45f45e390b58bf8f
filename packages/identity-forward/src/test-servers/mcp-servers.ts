// MCP servers of both generations of the official SDK behind the adapter, each with one tool that says who calls.
import { getRequestListener } from '@hono/node-server';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as OldServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import type { McpHttpHandler } from '@modelcontextprotocol/server';
import express from 'express';
import { Hono } from 'hono';
import { identityOf, requireIdentity, withIdentity } from '../mcp/index.ts';
import type { VerifiedIdentity } from '../verify/index.ts';
import { listen } from './test-server.ts';
import type { TestServer } from './test-server.ts';

const info = { name: 'whoami', version: '1' };

/** By how the SDK is served. */
export const mcpServers: Readonly<Record<string, TestServer>> = {
  'MCP SDK 1.x, StreamableHTTPServerTransport in Express': {
    refusal: 403,
    read: toolText,
    start(verifier, reached) {
      const app = express();
      app.all('/mcp', requireIdentity(verifier), (request, response) => {
        const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
        return oldServer(reached)
          .connect(transport)
          .then(() => transport.handleRequest(request, response));
      });
      return listen(app);
    },
  },
  'MCP SDK 2.x, toNodeHandler in Express': {
    refusal: 401,
    read: toolText,
    start(verifier, reached) {
      const app = express();
      app.all('/mcp', requireIdentity(verifier, { status: 401 }), toNodeHandler(newHandler(reached)));
      return listen(app);
    },
  },
  'MCP SDK 2.x, fetch in node:http': {
    refusal: 403,
    read: toolText,
    start(verifier, reached) {
      const handle = toNodeHandler(withIdentity(verifier, newHandler(reached)));
      return listen(handle);
    },
  },
  'MCP SDK 2.x, fetch in Hono': {
    refusal: 401,
    read: toolText,
    start(verifier, reached) {
      const handler = withIdentity(verifier, newHandler(reached), { status: 401 });
      const app = new Hono();
      app.onError((_, c) => c.body(null, 500));
      app.all('/mcp', (c) => handler.fetch(c.req.raw));
      return listen(getRequestListener(app.fetch));
    },
  },
};

function oldServer(reached: () => void): OldServer {
  const server = new OldServer(info);
  server.registerTool('whoami', {}, ({ authInfo }) => {
    reached();
    return { content: [{ type: 'text', text: tell(identityOf(authInfo), authInfo) }] };
  });
  return server;
}

function newHandler(reached: () => void): McpHttpHandler {
  return createMcpHandler(() => {
    const server = new McpServer(info);
    server.registerTool('whoami', {}, ({ http }) => {
      reached();
      return { content: [{ type: 'text', text: tell(identityOf(http?.authInfo), http?.authInfo) }] };
    });
    return server;
  });
}

/** The identity beside what the SDK's own fields say. */
function tell(identity: VerifiedIdentity, authInfo: unknown): string {
  return JSON.stringify({ ...identity, authInfo });
}

function toolText(body: string): unknown {
  // One event of a stream, or plain JSON. By line feeds: a name may hold what else ends a line in JavaScript.
  const json =
    body
      .split('\n')
      .find((line) => line.startsWith('data: '))
      ?.slice(6) ?? body;
  const { result } = JSON.parse(json) as { result?: { content: { text: string }[] } };
  const { authInfo: _, ...identity } = JSON.parse(result?.content[0]?.text ?? '{}') as { authInfo?: unknown };
  return identity;
}
