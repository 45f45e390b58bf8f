// What must compile with both generations of the official SDK, and what must not.
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as OldServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { AuthInfo as OldAuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import type { AuthInfo } from '@modelcontextprotocol/server';
import express from 'express';
import { Hono } from 'hono';
import type { VerifiedIdentity, Verifier } from '../verify/index.ts';
import { authInfoOf, identityOf, requireIdentity, withIdentity } from './index.ts';

declare const verifier: Verifier;
declare const identity: VerifiedIdentity;

authInfoOf(identity) satisfies AuthInfo;
authInfoOf(identity) satisfies OldAuthInfo;

const old = new OldServer({ name: 'old', version: '1' });
old.registerTool('whoami', {}, (extra) => ({ content: [{ type: 'text', text: identityOf(extra.authInfo).subjectType }] }));
const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
express().post('/mcp', requireIdentity(verifier), (request, response) => transport.handleRequest(request, response));

const server = new McpServer({ name: 'new', version: '1' });
server.registerTool('whoami', {}, (ctx) => {
  const caller = identityOf(ctx.http?.authInfo);
  // @ts-expect-error -- an agent alone has no user
  caller.userId.trim();
  return { content: [{ type: 'text', text: caller.subjectType === 'agent' ? caller.agentName : caller.userEmail }] };
});
const handler = createMcpHandler(() => server);
express().all('/mcp', requireIdentity(verifier), toNodeHandler(handler));
const safe = withIdentity(verifier, handler);
express().all('/mcp', toNodeHandler(safe));
new Hono().all('/mcp', (c) => safe.fetch(c.req.raw));

// @ts-expect-error -- an identity is read from what the SDK hands to the tool, not from the request
identityOf(identity);
