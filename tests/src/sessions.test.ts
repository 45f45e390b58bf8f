// MCP sessions through the real server: whose they are, where they live, and what becomes of them when either side starts anew.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deployUpstreams, type Seen, type Upstream, type Upstreams, type UrlKind } from './clients/upstreams.ts';

/** One call of one session. */
interface Call {
  readonly method?: string;
  readonly key?: string;
  readonly session?: string;
  readonly kind?: UrlKind;
  readonly body?: unknown;
}

const initialize = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'tests', version: '1.0.0' } },
};
const list = { method: 'tools/list', params: {} };

describeWith(await dockerMissing(), 'an MCP session through the platform', () => {
  let platform: Platform;
  let dataDir: string;
  let upstreams: Upstreams;
  let upstream: Upstream;
  let otherKey: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'runlayer-sessions-'));
    platform = await startPlatform({ dataDir, env: { RUNLAYER_SESSION_DRAIN_MS: '6000' } });
    upstreams = await deployUpstreams(platform, ['sessions']);
    upstream = upstreams.of('sessions');
    const { id } = await platform.api<{ id: string }>('POST', '/users', { email: 'ben@example.com', name: 'Ben' });
    otherKey = (await platform.api<{ api_key: string }>('POST', '/api-keys', { name: 'ben', owner: 'user', user_id: id })).api_key;
  });
  afterAll(async () => {
    await upstreams.remove();
    await platform.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  function call({ method = 'POST', key = platform.adminKey, session, kind = 'deployment', body }: Call): Promise<Response> {
    return fetch(platform.url + upstream.path(kind), {
      method,
      headers: {
        'x-runlayer-api-key': key,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...(session === undefined ? {} : { 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...(body as object) }) }),
    });
  }
  async function statusOf(request: Call): Promise<number> {
    const response = await call(request);
    await response.body?.cancel();
    return response.status;
  }
  async function open(key?: string): Promise<string> {
    const response = await call({ body: initialize, ...(key === undefined ? {} : { key }) });
    await response.text();
    return response.headers.get('mcp-session-id') ?? '';
  }
  /** The ledger of the instance that has the session: a plain call may go to another one. */
  async function ledger(session: string, label: string, verb = ''): Promise<Seen> {
    const base = platform.url + upstream.path('deployment').replace(/\/mcp$/, '');
    const response = await fetch(`${base}/ledger/${label}${verb}`, {
      method: verb === '' ? 'GET' : 'POST',
      headers: { 'x-runlayer-api-key': platform.adminKey, 'mcp-session-id': session },
    });
    return (await response.json()) as Seen;
  }

  it('belongs to whoever opened it: to anybody else, and at another address, it does not exist (P7) [PROXY-1, PROXY-2]', async () => {
    const mine = await open();
    const theirs = await open(otherKey);
    expect(await statusOf({ session: mine, body: list })).toBe(200);
    expect(await statusOf({ session: theirs, key: otherKey, body: list })).toBe(200);
    for (const stolen of [
      { session: mine, key: otherKey },
      { session: theirs },
      { session: mine, kind: 'connector' },
      { session: mine, key: otherKey, method: 'DELETE' },
    ] as const) {
      const answer = await call({ body: stolen.session === mine && 'method' in stolen ? undefined : list, ...stolen });
      expect(answer.status).toBe(404);
      expect(answer.headers.get('x-runlayer-origin')).toBe('platform');
      expect(await answer.json()).toMatchObject({ code: 'ERR_PROXY_SESSION' });
    }
    expect(await statusOf({ session: mine, body: list })).toBe(200);
  });

  it('ends when its client deletes it [PROXY-1]', async () => {
    const session = await open();
    expect(await statusOf({ session, method: 'DELETE' })).toBe(200);
    expect(await statusOf({ session, body: list })).toBe(404);
  });

  it("goes on, and stays its owner's, after the platform was started again [PROXY-1, PLAT-4]", async () => {
    const session = await open();
    expect(await statusOf({ session, body: list })).toBe(200);
    const { port, adminKey } = platform;
    await platform.stop();
    platform = await startPlatform({ dataDir, port, adminKey, env: { RUNLAYER_SESSION_DRAIN_MS: '6000' } });
    expect(await waitFor('the session', async () => ((await statusOf({ session, body: list })) === 200 ? true : undefined))).toBe(true);
    expect(await statusOf({ session, key: otherKey, body: list })).toBe(404);
  });

  it('drains while a release replaces its instance, and is then gone, so that its client starts anew [PROXY-1, PLAT-4]', async () => {
    const session = await open();
    const arguments_ = { label: 'roll', count: 2 };
    const answer = await call({ session, body: { method: 'tools/call', params: { name: 'steps', arguments: arguments_ } } });
    await waitFor('the call', async () => ((await ledger(session, 'roll')).sent === 1 ? true : undefined));
    const replaced = upstreams.redeploy('sessions', 'ROUND');
    // New sessions are of the new instance as soon as it serves; this one still goes to the instance that made it.
    await waitFor('the new instance', async () => {
      const fresh = await open();
      return fresh !== '' && (await ledger(fresh, 'roll')).state === 'unknown' ? true : undefined;
    });
    expect(await ledger(session, 'roll')).toMatchObject({ state: 'running' });
    await ledger(session, 'roll', '/open/2');
    expect(await answer.text()).toContain('roll: all 2 steps');
    await replaced;
    expect(await statusOf({ session, body: list })).toBe(404);
    expect(await statusOf({ session: await open(), body: list })).toBe(200);
  });
});
