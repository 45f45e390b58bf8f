// The bundle that goes into the image, run as its own process and called by official MCP clients of both generations.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { jwksPath } from '@runlayer/identity-forward';
import type { Subject } from '@runlayer/identity-forward';
import { createSigner, generateSigningKey, publicJwks } from '@runlayer/identity-forward/sign';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = join(import.meta.dirname, '..');
const serverId = '5e4d1f0a-0000-4000-8000-000000000001';
const organizationId = '0a000000-0000-4000-8000-000000000000';
const ann = { subjectType: 'user', organizationId, userId: 'u-ann', userEmail: 'ann@example.com' } as const;
const ben = { ...ann, userId: 'u-ben', userEmail: 'ben@example.com' } as const;
const robot = { subjectType: 'agent', organizationId, agentId: 'a-1', agentName: '研究助手' } as const;
const key = generateSigningKey();

let folder: string;
let server: ChildProcess;
let url: URL;
let issuer: string;
const jwks = createServer((request, response) =>
  response.writeHead(request.url === jwksPath ? 200 : 404).end(JSON.stringify(publicJwks([key]))),
);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notes-mcp-'));
  await build({ config: join(project, 'tsup.config.ts'), entry: { server: join(project, 'src/main.ts') }, outDir: folder, silent: true });
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}`;
  server = spawn(process.execPath, [join(folder, 'server.js')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', RUNLAYER_URL: issuer, RUNLAYER_SERVER_ID: serverId },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  url = new URL(`http://127.0.0.1:${await announcedPort(server)}/mcp`);
});

afterAll(async () => {
  server.kill('SIGKILL');
  jwks.close();
  await rm(folder, { recursive: true, force: true });
});

const connect = {
  'TypeScript SDK 1.x': async (headers: Record<string, string>) => {
    const client = new OldClient({ name: 'test', version: '1' });
    await client.connect(new OldTransport(url, { requestInit: { headers } }));
    return client;
  },
  'TypeScript SDK 2.x': async (headers: Record<string, string>) => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
    return client;
  },
};

interface Answer {
  readonly isError: boolean;
  readonly text: string;
}

async function call(
  kind: keyof typeof connect,
  headers: Record<string, string>,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Answer> {
  const client = await connect[kind](headers);
  try {
    const result = (await client.callTool({ name, arguments: args })) as { isError?: boolean; content: { text: string }[] };
    return { isError: result.isError === true, text: result.content[0]?.text ?? '' };
  } finally {
    await client.close();
  }
}

function tokenFor(
  subject: Subject,
  changes: { issuer?: string; serverId?: string; clock?: () => number; key?: typeof key } = {},
): Record<string, string> {
  const signer = createSigner({ issuer, key, ...changes });
  return { 'X-Runlayer-Identity-Token': signer.sign(subject, changes.serverId ?? serverId) };
}

describe.each(Object.keys(connect) as (keyof typeof connect)[])('called by the %s client', (kind) => {
  it('offers its three tools', async () => {
    const client = await connect[kind]({});
    const { tools } = await client.listTools();
    await client.close();
    expect(tools.map(({ name }) => name).toSorted()).toEqual(['add_note', 'list_notes', 'whoami']);
  });

  it.each<[string, Subject, Record<string, unknown>]>([
    ['a user', ann, { ...ann, greeting: 'Hello, ann@example.com!' }],
    ['an agent', robot, { ...robot, greeting: 'Hello, 研究助手!' }],
    [
      'an agent on behalf of a user',
      { ...ann, ...robot, subjectType: 'obo' },
      { greeting: 'Hello, 研究助手 on behalf of ann@example.com!', userId: 'u-ann', agentId: 'a-1' },
    ],
  ])('tells %s who they are [ID-5, ID-6]', async (_name, subject, expected) => {
    const { isError, text } = await call(kind, tokenFor(subject), 'whoami');
    expect(isError).toBe(false);
    expect(JSON.parse(text)).toMatchObject(expected);
  });

  it('keeps the notes of each caller apart, and shares a user with the agent that acts for them', async () => {
    const note = `note from ${kind}`;
    expect((await call(kind, tokenFor(ann), 'add_note', { text: note })).isError).toBe(false);
    const seen = async (subject: Subject): Promise<string> => (await call(kind, tokenFor(subject), 'list_notes')).text;
    expect(await seen(ann)).toContain(note);
    expect(await seen({ ...ann, ...robot, subjectType: 'obo' })).toContain(note);
    expect(await seen(ben)).not.toContain(note);
    expect(await seen(robot)).not.toContain(note);
  });

  it.each<[string, () => Record<string, string>, string]>([
    ['no token', () => ({}), 'ERR_IDENTITY_TOKEN_MISSING'],
    [
      'only plain headers, which anyone can write',
      () => ({ 'X-Runlayer-User-Id': 'u-ann', 'X-Runlayer-Subject-Type': 'user' }),
      'ERR_IDENTITY_TOKEN_MISSING',
    ],
    ['a token for another server', () => tokenFor(ann, { serverId: 'other' }), 'ERR_IDENTITY_TOKEN_AUDIENCE'],
    ['a token of another platform', () => tokenFor(ann, { issuer: 'https://evil.example' }), 'ERR_IDENTITY_TOKEN_ISSUER'],
    ['a token signed by a forger', () => tokenFor(ann, { key: generateSigningKey() }), 'ERR_IDENTITY_TOKEN_KEY'],
    ["a forger's signature under a published key id", () => forged(), 'ERR_IDENTITY_TOKEN_SIGNATURE'],
    ['an expired token', () => tokenFor(ann, { clock: () => Date.now() - 3_600_000 }), 'ERR_IDENTITY_TOKEN_EXPIRED'],
  ])('refuses %s, by its code [ID-5]', async (_name, headers, code) => {
    const { isError, text } = await call(kind, headers(), 'list_notes');
    expect({ isError, code: text.split(':')[0] }).toEqual({ isError: true, code });
  });

  it('refuses a note that is too long', async () => {
    expect((await call(kind, tokenFor(ann), 'add_note', { text: 'x'.repeat(2001) })).isError).toBe(true);
  });
});

it('answers 404 beside /mcp', async () => {
  expect((await fetch(new URL('/', url))).status).toBe(404);
});

it('says which variable is missing, and stops', async () => {
  const broken = spawn(process.execPath, [join(folder, 'server.js')], {
    env: { PATH: process.env['PATH'], RUNLAYER_URL: issuer },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [line, code] = await Promise.all([firstLine(broken.stderr), exitCode(broken)]);
  expect(line).toContain('RUNLAYER_SERVER_ID is not set');
  expect(code).toBe(1);
});

it('ends with 0 when it is asked to stop', async () => {
  const ended = exitCode(server);
  server.kill('SIGTERM');
  expect(await ended).toBe(0);
});

/** Ann's claims and the published key id, signed with another key. */
function forged(): Record<string, string> {
  const [header, claims] = (tokenFor(ann)['X-Runlayer-Identity-Token'] ?? '').split('.');
  const [, , signature] = (tokenFor(ann, { key: generateSigningKey() })['X-Runlayer-Identity-Token'] ?? '').split('.');
  return { 'X-Runlayer-Identity-Token': `${header}.${claims}.${signature}` };
}

async function announcedPort(child: ChildProcess): Promise<number> {
  return Number(/port (\d+)/.exec(await firstLine(child.stdout))?.[1]);
}

async function firstLine(stream: ChildProcess['stdout']): Promise<string> {
  if (stream === null) return '';
  for await (const line of createInterface(stream)) return line;
  return '';
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}
