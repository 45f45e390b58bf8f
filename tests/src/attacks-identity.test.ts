// Callers who would be somebody else, through the real server: P1 to P7, P9, P13 and P14 of the list of attacks on signed identity.
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { waitFor } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { expect, it } from 'vitest';
import { lines, openRaw, script, statusesIn } from './attacks-caller.ts';
import { addUser, seenIn, type Scene, type Target } from './attacks-scene.ts';
import { useScene } from './attacks-stage.ts';

describeWith(await dockerMissing(), 'callers who would be somebody else', () => {
  let scene: Scene;
  const { mark, say, keyLine } = useScene((started) => (scene = started));

  /** The one request that reached the attacker, byte for byte. */
  async function arrived(headers: readonly string[], body = ''): Promise<string> {
    const path = mark();
    const method = body === '' ? 'GET' : 'POST';
    const answer = await say(lines(`${method} ${scene.attacker.hosted(path)}`, ['Connection: close', ...headers], body));
    expect([statusesIn(answer), answer]).toEqual([[200], expect.any(String)]);
    const [raw, ...others] = await scene.attacker.received(path);
    expect(others).toEqual([]);
    return raw ?? '';
  }

  const identityIn = (raw: string): string[] => raw.split('\r\n').filter((line) => /^x.runlayer/i.test(line));

  async function expectAlice(raw: string): Promise<void> {
    expect(raw).not.toContain('evil');
    expect(identityIn(raw)).toEqual([
      'X-Runlayer-Subject-Type: user',
      expect.stringMatching(/^X-Runlayer-Org-Id: \S+$/),
      'X-Runlayer-User-Email: alice@example.com',
      `X-Runlayer-User-Id: ${scene.alice.id}`,
      expect.stringMatching(/^X-Runlayer-Identity-Token: [\w-]+\.[\w-]+\.[\w-]+$/),
    ]);
  }

  const reserved = ['User-Id', 'User-Email', 'Identity-Token', 'Subject-Type', 'Org-Id', 'Agent-Id', 'Agent-Name', 'Anything'];

  it.each<[string, (name: string) => string[]]>([
    ['as they are', (name) => [`X-Runlayer-${name}: evil`]],
    ['in capitals and small letters', (name) => [`X-RUNLAYER-${name.toUpperCase()}: evil`, `x-runlayer-${name.toLowerCase()}: evil`]],
    ['twice', (name) => [`X-Runlayer-${name}: evil`, `X-Runlayer-${name}: evil`]],
    ['empty and long', (name) => [`X-Runlayer-${name}:`, `X-Runlayer-${name}: ${'evil'.repeat(500)}`]],
  ])('P1: reserved names %s never reach a server [ID-2]', async (_name, spell) => {
    await expectAlice(await arrived([keyLine(), ...reserved.flatMap(spell)]));
  });

  it('P1: a reserved name in the query of a stream makes nobody anybody else, and opens nothing [ID-2, PROXY-2]', async () => {
    const path = `${mark()}?X-Runlayer-User-Id=${scene.bob.id}`;
    await say(lines(`GET ${scene.attacker.hosted(path)}`, ['Connection: close', 'Accept: text/event-stream', keyLine()]));
    const [raw = ''] = await scene.attacker.received(path);
    await expectAlice(raw);
    for (const name of ['x-runlayer-api-key', 'api_key', 'access_token', 'token']) {
      const keyed = `${mark()}?${name}=${scene.alice.key}`;
      expect(statusesIn(await say(lines(`GET ${scene.attacker.hosted(keyed)}`, ['Connection: close'])))).toEqual([401]);
      expect(await scene.attacker.received(keyed)).toEqual([]);
    }
  });

  it.each([
    ['short', 10],
    ['long', 70_000],
  ])('P1: reserved names behind a %s body never reach a server [ID-2]', async (_name, size) => {
    const trailers = [
      'X-Runlayer-User-Id: evil',
      'x_runlayer_identity_token: evil',
      'Authorization: evil',
      'Cookie: evil',
      'X-Forwarded-For: evil',
    ];
    const body = `${size.toString(16)}\r\n${'b'.repeat(size)}\r\n0\r\n${trailers.join('\r\n')}\r\n\r\n`;
    await expectAlice(await arrived([keyLine(), 'Transfer-Encoding: chunked'], body));
  });

  it.each(['_', '.', '~', '!', '*', '|'])('P2: reserved names with %s for a dash never reach a server [ID-2]', async (sign) => {
    const spoofed = reserved.flatMap((name) => [`X-Runlayer-${name}`.replaceAll('-', sign), `X-Runlayer${sign}${name}`]);
    await expectAlice(await arrived([keyLine(), ...spoofed.map((name) => `${name}: evil`), `Authorization${sign}X: kept`]));
  });

  it('P3: Connection takes no identity away [ID-2, PROXY-4]', async () => {
    const names = ['Identity-Token', 'User-Id', 'Subject-Type', 'Org-Id', 'User-Email'].map((name) => `X-Runlayer-${name}`);
    await expectAlice(
      await arrived([keyLine(), `Connection: close, ${names.join(', ')}`, 'Connection: x-runlayer-user-id', 'Keep-Alive: evil']),
    );
  });

  it.each<[string, (path: string) => string, boolean]>([
    ['an exposed path, by nobody', (path) => scene.attacker.hosted(`/open?${path}`), false],
    ['an exposed path, with a key', (path) => scene.attacker.hosted(`/open?${path}`), true],
    ['the URL of the connector', (path) => `/api/v1/proxy/${scene.attacker.connector}/mcp?${path}`, true],
  ])('P1 to P3: at %s no reserved name arrives in any spelling, nominated or behind a body [ID-2, PROXY-4]', async (_name, at, keyed) => {
    const own = keyed ? [keyLine()] : [];
    const expectOwn = async (headers: readonly string[], body = ''): Promise<void> => {
      const path = mark().slice(1);
      const answer = await say(lines(`POST ${at(path)}`, [...own, ...headers], body));
      expect([statusesIn(answer), answer]).toEqual([[200], expect.any(String)]);
      const [raw = ''] = await scene.attacker.received(path);
      if (keyed) return expectAlice(raw);
      expect(raw).not.toContain('evil');
      expect(identityIn(raw)).toEqual(['X-Runlayer-Subject-Type: anonymous', expect.stringMatching(/^X-Runlayer-Org-Id: \S+$/)]);
    };
    for (const sign of ['-', '_', '.', '~', '!', '*', '|']) {
      const spoofed = reserved.flatMap((name) => [`X-Runlayer-${name}`.replaceAll('-', sign), `x-runlayer${sign}${name.toUpperCase()}`]);
      await expectOwn(['Connection: close', 'Content-Length: 0', ...spoofed.flatMap((name) => [`${name}: evil`, `${name}: evil`])]);
    }
    const nominated = reserved.map((name) => `X-Runlayer-${name}`).join(', ');
    await expectOwn([`Connection: close, ${nominated}`, 'Content-Length: 0']);
    const trailers = reserved.flatMap((name) => [`X-Runlayer-${name}: evil`, `x_runlayer_${name}: evil`]).join('\r\n');
    await expectOwn(['Connection: close', 'Transfer-Encoding: chunked'], `5\r\nhello\r\n0\r\n${trailers}\r\n\r\n`);
  });

  it('P4: an agent has a name of any script, which arrives encoded, and none that ends a line [ID-1]', async () => {
    const { platform, attacker, agent } = scene;
    for (const name of ['研究助手', 'a: b', '=?base64?eA==?=', 'é']) {
      await platform.api('PATCH', `/agents/${agent.id}`, { name });
      const { head } = seenIn(await agent.caller.ask(attacker.hosted(mark())));
      const [, sent = ''] = /^X-Runlayer-Agent-Name: (.*)\r$/m.exec(head) ?? [];
      expect([name, decoded(sent)]).toEqual([name, name]);
    }
    for (const name of ['a\r\nX-Runlayer-User-Id: evil', 'a\nb', 'a\rb', 'a\0b', 'a\u007fb', 'a\u2028b']) {
      await expect(platform.api('POST', '/agents', { name })).rejects.toThrow('answered 4');
      await expect(platform.api('PATCH', `/agents/${agent.id}`, { name })).rejects.toThrow('answered 4');
    }
  });

  it.each<[string, (alice: string, bob: string) => string[]]>([
    ['x-runlayer-api-key', (alice) => [`X-RUNLAYER-API-KEY: ${alice}`]],
    ['Authorization', (alice) => [`Authorization: Bearer ${alice}`]],
    ['both', (alice, bob) => [keyLine(alice), `Authorization: Bearer ${bob}`]],
    [
      'both, and more',
      (alice, bob) => [keyLine(alice), `Proxy-Authorization: Bearer ${bob}`, `Cookie: runlayer_session=${bob}; RUNLAYER_x=${bob}`],
    ],
    ['another spelling beside it', (alice, bob) => [keyLine(alice), `x_runlayer_api_key: ${bob}`, `X.Runlayer.Api.Key: ${bob}`]],
  ])('P5: a key of the platform in %s never reaches a server [PROXY-1]', async (_name, headers) => {
    const raw = await arrived(headers(scene.alice.key, scene.bob.key));
    expect(raw).not.toMatch(/rl_|authorization|cookie|api.key/i);
  });

  it('P6: no secret of the platform is in a container or in what it is sent [SEC-1]', async () => {
    const { platform, attacker, alice, bob, agent } = scene;
    const sealKey = (await readFile(join(platform.dataDir, 'seal.key'), 'utf8')).trim();
    expect((await readdir(platform.dataDir)).length).toBeGreaterThan(1);
    const { env } = seenIn(await alice.caller.ask(attacker.hosted(mark())));
    const known = JSON.stringify(env) + (await attacker.received('')).join('');
    for (const secret of [platform.adminKey, sealKey, alice.key, bob.key, agent.key, platform.dataDir]) expect(known).not.toContain(secret);
    expect(known).not.toMatch(/PRIVATE KEY|DATABASE_URL|postgres:/);
  });

  it('P7: a session of somebody else, or of another server, is not there [PROXY-1]', async () => {
    const { attacker, neighbour, alice, bob } = scene;
    const session = mark().slice(1);
    const use = async (who: typeof alice, target: Target, method = 'POST', id = session): Promise<number> =>
      (await who.caller.ask(target.hosted('/mcp'), { method, headers: { 'mcp-session-id': id } })).status;
    expect((await alice.caller.ask(attacker.hosted(`/mcp?give=${session}`), { method: 'POST' })).status).toBe(200);
    expect(await use(alice, attacker)).toBe(200);
    const before = (await attacker.received(session)).length;
    expect(await use(bob, attacker)).toBe(404);
    expect(await use(bob, attacker, 'DELETE')).toBe(404);
    expect((await attacker.received(session)).length).toBe(before);
    for (const who of [alice, bob]) expect(await use(who, neighbour)).toBe(404);
    for (const who of [alice, bob]) {
      const { status } = await who.caller.ask(`/api/v1/proxy/${neighbour.connector}/mcp`, { headers: { 'mcp-session-id': session } });
      expect(status).toBe(404);
    }
    expect(await neighbour.received(session)).toEqual([]);
    expect(await use(alice, attacker)).toBe(200);
  });

  it('P7: a server that hands out the session of another one gains nothing and breaks nothing [PROXY-1]', async () => {
    const { attacker, neighbour, alice, bob } = scene;
    const session = mark().slice(1);
    const headers = { 'mcp-session-id': session };
    expect((await bob.caller.ask(neighbour.hosted(`/mcp?give=${session}`), { method: 'POST' })).status).toBe(200);
    expect((await alice.caller.ask(attacker.hosted(`/mcp?give=${session}`), { method: 'POST' })).status).toBe(200);
    const before = (await neighbour.received(session)).length;
    expect((await alice.caller.ask(neighbour.hosted('/mcp'), { headers })).status).toBe(404);
    expect((await neighbour.received(session)).length).toBe(before);
    expect((await bob.caller.ask(neighbour.hosted('/mcp'), { headers })).status).toBe(200);
  });

  it('P7: a stream of somebody else, or of another server, cannot be gone on with [PROXY-1]', async () => {
    const { attacker, neighbour, alice, bob } = scene;
    const event = mark().slice(1);
    const stream = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nid: ${event}\ndata: 1\n\n`;
    expect(
      await alice.caller.ask(attacker.hosted(script(stream, { ending: 'end' })), { headers: { accept: 'text/event-stream' } }),
    ).toMatchObject({ status: 200 });
    const headers = { 'last-event-id': event };
    expect((await bob.caller.ask(attacker.hosted('/mcp'), { headers })).status).toBe(404);
    for (const who of [alice, bob]) expect((await who.caller.ask(neighbour.hosted('/mcp'), { headers })).status).toBe(404);
    expect((await alice.caller.ask(attacker.hosted('/mcp'), { headers })).status).toBe(200);
    expect(await neighbour.received(event)).toEqual([]);
  });

  it('P9: a header that belies its body is refused by the server, and the body is what is logged [PROXY-1, PROXY-3]', async () => {
    const server = await mcpServer();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    const { id } = await scene.platform.api<{ id: string }>('POST', '/servers', { name: 'mcp', url, transport: 'streaming-http' });
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'c', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'delete', arguments: {}, _meta: meta } });
    const ask = async (headers: Record<string, string>) => {
      const all = {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        ...headers,
      };
      const direct = await fetch(url, { method: 'POST', headers: all, body });
      const through = await scene.alice.caller.ask(`/api/v1/proxy/${id}/mcp`, { method: 'POST', headers: all, body });
      expect([through.status, through.body]).toEqual([direct.status, await direct.text()]);
      return { status: through.status, code: /"code":(-?\d+)/.exec(through.body)?.[1] };
    };
    expect(await ask({ 'mcp-method': 'tools/list' })).toEqual({ status: 400, code: '-32020' });
    expect(await ask({ 'mcp-method': 'tools/call', 'mcp-name': 'harmless' })).toEqual({ status: 400, code: '-32020' });
    expect(await ask({ 'mcp-method': 'tools/call', 'mcp-name': 'delete' })).toEqual({ status: 200, code: undefined });
    const calls = await waitFor('three lines of the log', () => {
      const found = scene.platform
        .output()
        .split('\n')
        .filter((line) => line.includes(`"routeId":"${id}"`));
      return found.length === 3 ? found.map((line) => JSON.parse(line) as Record<string, unknown>) : undefined;
    });
    for (const call of calls) expect(call).toMatchObject({ mcpMethod: 'tools/call', mcpName: 'delete' });
    server.closeAllConnections();
    server.close();
  });

  it('P13: nobody in particular is told as anonymous, with the organization and no token [ID-1, ID-2, PROXY-4]', async () => {
    for (const headers of [
      [],
      ['Authorization: Bearer of-somebody-else'],
      ['x-runlayer-api-key: rl_wrong'],
      ['X-Runlayer-User-Id: evil'],
    ]) {
      const path = `/open?${mark().slice(1)}`;
      expect(statusesIn(await say(lines(`GET ${scene.attacker.hosted(path)}`, ['Connection: close', ...headers])))).toEqual([200]);
      const [raw = ''] = await scene.attacker.received(path);
      expect(identityIn(raw)).toEqual(['X-Runlayer-Subject-Type: anonymous', expect.stringMatching(/^X-Runlayer-Org-Id: \S+$/)]);
    }
  });

  it('P13: nobody in particular has no token, whatever the toggles, and no header where those are off [ID-1, PROXY-4]', async () => {
    const { platform, attacker } = scene;
    for (const [headers, token] of [
      [true, false],
      [false, true],
      [false, false],
      [true, true],
    ]) {
      await platform.api('PATCH', `/servers/${attacker.connector}`, { identity_forward: { headers, token } });
      const path = `/open?${mark().slice(1)}`;
      expect(statusesIn(await say(lines(`GET ${attacker.hosted(path)}`, ['Connection: close'])))).toEqual([200]);
      const [raw = ''] = await attacker.received(path);
      const anonymous = ['X-Runlayer-Subject-Type: anonymous', expect.stringMatching(/^X-Runlayer-Org-Id: \S+$/)];
      expect(identityIn(raw)).toEqual(headers ? anonymous : []);
    }
  });

  it('P14: a toggle changed while a stream is open counts for the next call, and the stream is cut [ID-1, PROXY-4]', async () => {
    const { platform, attacker, alice } = scene;
    const toggle = (headers: boolean, token: boolean) =>
      platform.api('PATCH', `/servers/${attacker.connector}`, { identity_forward: { headers, token } });
    const stream = await openStream(alice.key);
    const cut = once(stream, 'close');
    const count = async (): Promise<number> => identityIn(seenIn(await alice.caller.ask(attacker.hosted(mark()))).head).length;
    expect(await count()).toBe(5);
    for (const [headers, token, expected] of [
      [false, true, 1],
      [false, false, 0],
      [true, false, 4],
      [true, true, 5],
    ] as const) {
      await toggle(headers, token);
      const changed = performance.now();
      expect(await count()).toBe(expected);
      expect(performance.now() - changed).toBeLessThan(1_000);
    }
    await toggle(false, false);
    await cut;
    await toggle(true, true);
  });

  it.each<[string, (account: { id: string; keyId: string }) => Promise<unknown>]>([
    ['is disabled', ({ id }) => scene.platform.api('PATCH', `/users/${id}`, { disabled: true })],
    ['loses the key', ({ keyId }) => scene.platform.api('DELETE', `/api-keys/${keyId}`)],
  ])('P14: somebody who %s in the middle of a session is refused at once, and their streams are cut [PROXY-2]', async (how, take) => {
    const { platform, attacker, alice } = scene;
    const carol = await addUser(platform, `carol-${how.length}`);
    const headers = { 'mcp-session-id': `session-${how.length}` };
    expect((await carol.caller.ask(attacker.hosted(`/mcp?give=session-${how.length}`), { method: 'POST' })).status).toBe(200);
    const [stream, others] = await Promise.all([openStream(carol.key), openStream(alice.key)]);
    const cut = once(stream, 'close');
    await take(carol);
    const taken = performance.now();
    expect((await carol.caller.ask(attacker.hosted('/mcp'), { headers })).status).toBe(401);
    await cut;
    expect(performance.now() - taken).toBeLessThan(1_000);
    expect(others.destroyed).toBe(false);
    others.destroy();
    carol.caller.close();
  });

  /** A stream that has begun. */
  async function openStream(key: string): Promise<ReturnType<typeof openRaw>> {
    const steps = ['HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n', { ending: 'hang' }] as const;
    const socket = openRaw(scene.platform.port);
    let text = '';
    socket.on('data', (piece: Buffer) => (text += piece.toString()));
    socket.write(lines(`GET ${scene.attacker.hosted(script(...steps))}`, [keyLine(key), 'Accept: text/event-stream']));
    await waitFor('the first event', () => (text.includes('data: 1') ? true : undefined));
    return socket;
  }
});

/** The text of a header value, by the sentinel form of MCP. */
function decoded(value: string): string {
  const [, encoded] = /^=\?base64\?(.*)\?=$/.exec(value) ?? [];
  return encoded === undefined ? value : Buffer.from(encoded, 'base64').toString();
}

/** A server of the 2026-07-28 revision on this machine, by the official SDK. */
async function mcpServer(): Promise<Server> {
  const handle = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: 'checks', version: '1.0.0' }, { capabilities: { tools: {} } });
      for (const name of ['delete', 'harmless'])
        server.registerTool(name, { description: name }, () => ({ content: [{ type: 'text', text: name }] }));
      return server;
    }),
  );
  const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
