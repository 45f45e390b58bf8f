// An MCP server on this machine that checks who calls by itself, over streaming HTTP at /mcp and over the old transport at /sse.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Verifier } from '@runlayer/identity-forward/verify';

export interface IdentityUpstream {
  readonly origin: string;
  /** Checks the tokens from now on; without one every call is told apart by its plain headers alone. */
  verifier: Verifier | undefined;
  /** The reserved header lines of each request so far, as they came. */
  readonly reserved: string[][];
  close(): Promise<void>;
}

export async function startIdentityUpstream(): Promise<IdentityUpstream> {
  const sessions = new Map<string, SSEServerTransport>();
  const reserved: string[][] = [];
  const server = createServer((request, response) => {
    reserved.push(reservedLines(request.rawHeaders));
    void answer(request, response, upstream, sessions);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream: IdentityUpstream = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    verifier: undefined,
    reserved,
    close: () => closed(server),
  };
  return upstream;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  upstream: IdentityUpstream,
  sessions: Map<string, SSEServerTransport>,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', upstream.origin);
  if (pathname === '/mcp' && request.method === 'POST') {
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    await createWhoami(upstream).connect(transport);
    return transport.handleRequest(request, response);
  }
  if (pathname === '/sse' && request.method === 'GET') {
    const transport = new SSEServerTransport('/messages', response);
    sessions.set(transport.sessionId, transport);
    return createWhoami(upstream).connect(transport);
  }
  const session = pathname === '/messages' ? sessions.get(searchParams.get('sessionId') ?? '') : undefined;
  if (session !== undefined) return session.handlePostMessage(request, response);
  response.writeHead(pathname === '/mcp' ? 405 : 404).end();
}

function createWhoami(upstream: IdentityUpstream): McpServer {
  const server = new McpServer({ name: 'whoami', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Who calls, as the token proves it.' }, async ({ requestInfo }) => {
    const told = upstream.verifier === undefined ? 'not asked' : await upstream.verifier.verifyRequest(requestInfo?.headers ?? {});
    return { content: [{ type: 'text', text: JSON.stringify(told) }] };
  });
  return server;
}

function reservedLines(raw: readonly string[]): string[] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 && /^x.runlayer/i.test(name) ? [`${name.toLowerCase()}: ${raw[index + 1] ?? ''}`] : [],
  );
}

async function closed(server: Server): Promise<void> {
  const end = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await end;
}
