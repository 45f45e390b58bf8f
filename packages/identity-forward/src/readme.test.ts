// Runs what the README shows, against real clients and servers.
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { FastifyInstance } from 'fastify';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identityErrors } from './error-codes.ts';
import { createSigner, generateSigningKey, publicJwks } from './sign/index.ts';
import { listen } from './test-servers/test-server.ts';
import type { Running } from './test-servers/test-server.ts';

const root = join(import.meta.dirname, '..');
const readme = await readFile(join(root, 'README.md'), 'utf8');
/** The first block in this language, or the one with this name behind it. */
const block = (language: string): string => new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(readme)?.[1] ?? '';
const key = generateSigningKey();
const ann = { subjectType: 'user', organizationId: 'o', userId: 'u', userEmail: 'ann@example.com' } as const;
let keys: Running;
let headers: Record<string, string>;

beforeAll(async () => {
  keys = await listen((_, response) => response.end(JSON.stringify(publicJwks([key]))));
  const issuer = `http://127.0.0.1:${keys.port}`;
  Object.assign(process.env, { RUNLAYER_URL: issuer, RUNLAYER_SERVER_ID: 'server-1' });
  headers = { 'X-Runlayer-Identity-Token': createSigner({ issuer, key }).sign(ann, 'server-1') };
});

afterAll(async () => {
  await keys.close();
  delete process.env['RUNLAYER_URL'];
  delete process.env['RUNLAYER_SERVER_ID'];
});

/** Runs a block of the README behind what it takes for granted, and gives what it exports. */
async function run<Exports>(name: string, before: string, after = ''): Promise<Exports> {
  const text = block(`ts${name === '' ? '' : ` ${name}`}`);
  expect(text).not.toBe('');
  const file = join(root, '.readme', `snippet-${name}.ts`);
  await mkdir(join(root, '.readme'), { recursive: true });
  await writeFile(file, `${before}${text}${after}`);
  return (await import(pathToFileURL(file).href)) as Exports;
}

const verifier = `
import { createVerifier } from '@runlayer/identity-forward/verify';
const verifier = createVerifier({ issuer: process.env['RUNLAYER_URL'] ?? '', serverId: 'server-1' });
`;
const newServer = `
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { identityOf } from '@runlayer/identity-forward/mcp';
const mcp = createMcpHandler(() => {
  const server = new McpServer({ name: 'hello', version: '1.0.0' });
  server.registerTool('hello', {}, (ctx) => ({ content: [{ type: 'text', text: identityOf(ctx.http?.authInfo).subjectType }] }));
  return server;
});
`;
const oldServer = `
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { identityOf } from '@runlayer/identity-forward/mcp';
const server = new McpServer({ name: 'hello', version: '1.0.0' });
server.registerTool('hello', {}, (extra) => ({ content: [{ type: 'text', text: identityOf(extra.authInfo).subjectType }] }));
const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => 'session' });
await server.connect(transport);
`;

describe('the example', () => {
  let server: Running;
  beforeAll(async () => {
    const { app } = await run<{ app: RequestListener }>('', '');
    server = await listen(app);
  });
  afterAll(() => server.close());

  it('greets the caller as the README says [ID-5]', async () => {
    expect(block('ts')).toContain(`// ${await hello(server.port)}\n`);
  });

  it('refuses a call without a token as the README says [ID-5]', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/mcp`, { method: 'POST' });
    const [, shown = ''] = /\/\/ without a token: (.*)…/.exec(block('ts')) ?? [];
    expect(`${answer.status} ${await answer.text()}`.slice(0, shown.length)).toBe(shown);
  });
});

describe('the lines for', () => {
  it('the MCP SDK 1.x let a tool know the caller', async () => {
    const express = `import express from 'express';\nexport const app = express();\n`;
    const { app } = await run<{ app: RequestListener }>('sdk-1', `${express}${verifier}${oldServer}`);
    await serve(app, async (port) => {
      expect(await hello(port)).toBe('user');
      expect((await fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST' })).status).toBe(403);
    });
  });

  it('the MCP SDK 2.x let a tool know the caller', async () => {
    const { default: worker } = await run<{ default: { fetch(request: Request): Promise<Response> } }>('sdk-2', `${verifier}${newServer}`);
    await serve(node(worker.fetch), async (port) => {
      expect(await hello(port)).toBe('user');
      expect((await fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST' })).status).toBe(403);
    });
  });

  it.each<[string, () => Promise<RequestListener>]>([
    [
      'express',
      async () =>
        (await run<{ app: RequestListener }>('express', `${verifier}import express from 'express';\nexport const app = express();\n`)).app,
    ],
    ['hono', async () => node((await run<{ app: Hono }>('hono', `${verifier}import { Hono } from 'hono';\n`)).app.fetch)],
    [
      'fastify',
      async () => {
        const prelude = `${verifier}import fastify from 'fastify';\nexport const app = fastify();\n`;
        const { app } = await run<{ app: FastifyInstance }>('fastify', prelude);
        await app.ready();
        return app.routing;
      },
    ],
  ])('%s tell a caller who they are, and strangers nothing', async (_name, load) => {
    await serve(await load(), async (port) => {
      const me = `http://127.0.0.1:${port}/me`;
      expect(await (await fetch(me, { headers })).json()).toMatchObject(ann);
      expect((await fetch(me)).status).toBe(401);
    });
  });
});

it('links to what there is', async () => {
  for (const [, path = ''] of readme.matchAll(/\]\(((?!https:)[^)]*)\)/g)) await expect(access(join(root, path))).resolves.toBeUndefined();
});

it('names every error code', () => {
  for (const code of Object.keys(identityErrors))
    expect(readme).toContain(code.replace(/^ERR_IDENTITY_TOKEN_/, '_').replace(/^ERR_IDENTITY_(SUBJECT|SIGNING_KEY)$/, '_$1'));
});

/** A web-standard handler as a listener of Node. */
function node(handle: Parameters<typeof getRequestListener>[0]): RequestListener {
  const listener = getRequestListener(handle);
  return (request, response) => void listener(request, response);
}

async function serve(listener: RequestListener, use: (port: number) => Promise<void>): Promise<void> {
  const server = await listen(listener);
  try {
    await use(server.port);
  } finally {
    await server.close();
  }
}

/** What the tool says to Ann. */
async function hello(port: number): Promise<string> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`), { requestInit: { headers } }));
  const result = (await client.callTool({ name: 'hello', arguments: {} })) as { content: { text: string }[] };
  await client.close();
  return result.content[0]?.text ?? '';
}
