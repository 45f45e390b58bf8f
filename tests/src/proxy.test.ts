// The proxy through the real server and real containers, over raw sockets where a client library would tidy things up.
import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callEcho, createDeployment, destroy, ended, release, type Seen } from './deployments.ts';
import { echoImage } from './images.ts';
import { echoConfig } from './workspace.ts';

interface Key {
  readonly id: string;
  readonly api_key: string;
}

describeWith(await dockerMissing(), 'the proxy of a running platform', () => {
  let platform: Platform;
  let image: string;
  let id: string;
  let connector: string;
  let agentId: string;
  const keys: Record<string, string> = {};
  const config = (version: string) => echoConfig('proxied', { VERSION: version }, '  path: /mcp\n  expose:\n    - /open\n');

  const newKey = (body: Record<string, unknown>): Promise<Key> => platform.api<Key>('POST', '/api-keys', { name: 'test', ...body });
  const hosted = (path: string): string => `/api/v1/proxy/hosted/${id}${path}`;

  beforeAll(async () => {
    image = await echoImage('runlayer-test-echo:proxy');
    platform = await startPlatform();
    id = await createDeployment(platform, 'proxied');
    await release(platform, id, config('one'), image);
    expect((await ended(platform, id)).status).toBe('succeeded');
    const server = { name: 'proxied', deployment_id: id, transport: 'streaming-http' };
    connector = (await platform.api<{ id: string }>('POST', '/servers', server)).id;
    agentId = (await platform.api<{ id: string }>('POST', '/agents', { name: '研究助手' })).id;
    keys['admin'] = platform.adminKey;
    keys['agent'] = (await newKey({ owner: 'agent', agent_id: agentId })).api_key;
    keys['deploy'] = (await newKey({ owner: 'organization', role: 'deploy' })).api_key;
    keys['organization admin'] = (await newKey({ owner: 'organization', role: 'admin' })).api_key;
  });

  afterAll(async () => {
    await destroy(platform, id);
    await platform.stop();
  });

  /** The whole answer to these bytes, once the server has closed the connection. */
  async function exchange(bytes: string): Promise<string> {
    const socket = connect(platform.port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', (piece: string) => (answer += piece));
    socket.on('error', () => undefined).write(bytes, 'latin1');
    await once(socket, 'close');
    return answer;
  }

  const request = (line: string, headers: readonly string[], body = ''): Promise<string> =>
    exchange([`${line} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', body].join('\r\n'));

  const statusOf = (answer: string): number => Number(answer.slice(9, 12));

  const seenIn = (answer: string): Seen => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Seen;

  it.each<[string, string, (key: string) => string[], number]>([
    ['no key', '/x', () => [], 401],
    ['a wrong key', '/x', () => ['x-runlayer-api-key: rl_wrong'], 401],
    ['a good key as Basic', '/x', (key) => [`Authorization: Basic ${Buffer.from(`x:${key}`).toString('base64')}`], 401],
    ['a good key in a cookie', '/x', (key) => [`Cookie: x-runlayer-api-key=${key}`], 401],
    ['a good key in another spelling', '/x', (key) => [`x_runlayer_api_key: ${key}`], 401],
    ['a good key twice', '/x', (key) => [`x-runlayer-api-key: ${key}`, `X-Runlayer-Api-Key: ${key}`], 401],
    ['a wrong key before a good bearer', '/x', (key) => ['x-runlayer-api-key: rl_wrong', `Authorization: Bearer ${key}`], 401],
    ['two Authorization lines', '/x', (key) => ['Authorization: Basic eA==', `Authorization: Bearer ${key}`], 400],
    ['two Host lines', '/x', (key) => [`x-runlayer-api-key: ${key}`, 'Host: evil.example.com'], 400],
    ['two lengths', '/open', () => ['Content-Length: 0', 'Transfer-Encoding: chunked'], 400],
    ['another path than the exposed one', '/opened', () => [], 401],
    ['the exposed path in capitals', '/OPEN', () => [], 401],
    ['a slash after the exposed path', '/open/', () => [], 401],
    ['a way up from the exposed path', '/open/../mcp', () => [], 400],
    ['an encoded way up', '/open/..%2fmcp', () => [], 400],
    ['two slashes', '//open', () => [], 400],
    ['a parameter', '/open;x', () => [], 400],
    ['the exposed path', '/open', () => [], 200],
    ['the exposed path, encoded', '/%6fpen', () => [], 200],
  ])('answers a request with %s [PROXY-2]', async (_name, path, headers, status) => {
    expect(statusOf(await request(`GET ${hosted(path)}`, headers(platform.adminKey)))).toBe(status);
  });

  it('serves no absolute-form target past its checks [PROXY-2]', async () => {
    expect(statusOf(await request(`GET ${platform.url}${hosted('/mcp')}`, []))).toBe(404);
  });

  it.each([
    ['admin', 200],
    ['agent', 200],
    ['deploy', 403],
    ['organization admin', 403],
  ])('lets the key of %s through with %i on both addresses [PROXY-1, PROXY-2]', async (owner, status) => {
    for (const target of [hosted('/mcp'), `/api/v1/proxy/${connector}/mcp`])
      expect(statusOf(await request(`GET ${target}`, [`x-runlayer-api-key: ${keys[owner] ?? ''}`]))).toBe(status);
  });

  it('shows the container what was sent, less every credential and reserved name [PROXY-1, ID-2]', async () => {
    const { admin = '', agent = '' } = keys;
    const spoofed = ['X-Runlayer-User-Id: evil', 'x_runlayer_user_id: evil', 'X.Runlayer.Identity-Token: evil', 'X-Forwarded-For: evil'];
    const lines = [`x-runlayer-api-key: ${admin}`, `Authorization: Bearer ${agent}`, `Cookie: a=1; runlayer_session=${admin}`];
    const kept = ['Mcp-Session-Id: s', 'Mcp-Param-A: =?base64?eA==?=', 'Last-Event-ID: 7', 'Connection: close, X-Runlayer-Identity-Token'];
    const answer = await request(`PROPFIND ${hosted('/a%20b?q=%2e%2e/')}`, [...lines, ...spoofed, ...kept]);
    const { method, url, rawHeaders } = seenIn(answer);
    expect([method, url]).toEqual(['PROPFIND', '/a%20b?q=%2e%2e/']);
    expect(rawHeaders).toEqual(
      expect.arrayContaining(['Mcp-Session-Id', 's', '=?base64?eA==?=', 'Last-Event-ID', 'a=1', 'localhost:8000']),
    );
    expect(rawHeaders.join('\n')).not.toMatch(/evil|rl_|runlayer/i);
  });

  it('tells the container who calls as soon as an admin turns that on [ID-1, ID-2, ID-3, PROXY-4]', async () => {
    const identityOf = async (headers: readonly string[], path = '/mcp'): Promise<string[]> => {
      const { rawHeaders } = seenIn(await request(`GET ${hosted(path)}`, headers));
      return rawHeaders.flatMap((name, index) => (name.startsWith('X-Runlayer-') ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : []));
    };
    const key = `Authorization: Bearer ${keys['agent'] ?? ''}`;
    expect(await identityOf([key])).toEqual([]);
    await platform.api('PATCH', `/servers/${connector}`, { identity_forward: { headers: true, token: true } });
    const [type, organization, ...rest] = await identityOf([key]);
    const token = rest.pop()?.slice('X-Runlayer-Identity-Token: '.length) ?? '';
    const name = `=?base64?${Buffer.from('研究助手').toString('base64')}?=`;
    expect([type, ...rest]).toEqual([
      'X-Runlayer-Subject-Type: agent',
      `X-Runlayer-Agent-Id: ${agentId}`,
      `X-Runlayer-Agent-Name: ${name}`,
    ]);
    expect(await identityOf([], '/open')).toEqual(['X-Runlayer-Subject-Type: anonymous', organization]);
    expect(await verified(platform.url, token)).toMatchObject({
      iss: platform.url,
      aud: `runlayer:identity-forward:${connector}`,
      sub: agentId,
      subject_type: 'agent',
      agent_name: '研究助手',
    });
    await platform.api('PATCH', `/servers/${connector}`, { identity_forward: { headers: false, token: false } });
    expect(await identityOf([key])).toEqual([]);
  });

  it.each([
    ['a revoked key', ({ id }: { id: string }) => platform.api('DELETE', `/api-keys/${id}`)],
    [
      'the key of a disabled agent account',
      ({ agent_id }: { agent_id: string }) => platform.api('PATCH', `/agents/${agent_id}`, { disabled: true }),
    ],
  ])('refuses %s at once, and cuts the stream it opened [PROXY-2]', async (_name, take) => {
    const upstream = await eventServer();
    const { id: streaming } = await platform.api<{ id: string }>('POST', '/servers', {
      name: 'events',
      url: `http://127.0.0.1:${upstream.port}/mcp`,
      transport: 'streaming-http',
    });
    const agent = await platform.api<{ id: string }>('POST', '/agents', { name: 'streams' });
    const key = await newKey({ owner: 'agent', agent_id: agent.id });
    const headers = [`x-runlayer-api-key: ${key.api_key}`];
    const stream = openStream(platform, `/api/v1/proxy/${streaming}/mcp`, key.api_key);
    await stream.begun;
    await take({ id: key.id, agent_id: agent.id });
    expect(statusOf(await request(`GET ${hosted('/mcp')}`, headers))).toBe(401);
    await stream.closed;
    expect(stream.text()).not.toMatch(/\r\n0\r\n\r\n$/);
    await upstream.closed;
    upstream.server.close();
  });

  it('tells the upstream at once that its caller has left, and the caller that its upstream has [PROXY-1]', async () => {
    for (const leave of ['caller', 'upstream'] as const) {
      const upstream = await eventServer();
      const server = { name: leave, url: `http://127.0.0.1:${upstream.port}/mcp`, transport: 'streaming-http' };
      const made = await platform.api<{ id: string }>('POST', '/servers', server);
      const stream = openStream(platform, `/api/v1/proxy/${made.id}/mcp`, platform.adminKey);
      await stream.begun;
      const left = performance.now();
      if (leave === 'caller') stream.socket.destroy();
      else upstream.server.closeAllConnections();
      await Promise.all([upstream.closed, stream.closed]);
      expect(performance.now() - left).toBeLessThan(1_000);
      expect(stream.text()).not.toMatch(/\r\n0\r\n\r\n$/);
      upstream.server.close();
    }
  });

  it('hands over from one release to the next without a failed call [PROXY-1]', async () => {
    const versions = new Set<string | undefined>();
    const failures: string[] = [];
    const load = { on: true };
    const callers = Array.from({ length: 8 }, async () => {
      while (load.on) {
        await callEcho(platform, id, '/mcp').then(
          ({ env }) => versions.add(env['VERSION']),
          (error: unknown) => failures.push(String(error)),
        );
      }
    });
    await release(platform, id, config('two'), image);
    expect((await ended(platform, id)).status).toBe('succeeded');
    load.on = false;
    await Promise.all(callers);
    expect(failures).toEqual([]);
    expect([...versions]).toEqual(['one', 'two']);
    expect((await callEcho(platform, id)).env['VERSION']).toBe('two');
  });
});

/** The claims of a token, checked against the published keys with nothing of ours. */
async function verified(platformUrl: string, token: string): Promise<Record<string, unknown>> {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const { keys } = (await (await fetch(`${platformUrl}/.well-known/runlayer-identity-forward.jwks.json`)).json()) as { keys: JsonWebKey[] };
  const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string; alg: string };
  const jwk = keys.find((key) => key['kid'] === kid) ?? {};
  const good = verify(
    null,
    Buffer.from(`${head}.${claims}`),
    createPublicKey({ key: jwk, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );
  expect([alg, good]).toEqual(['EdDSA', true]);
  const payload = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
  expect(Number(payload['exp']) - Number(payload['iat'])).toBe(300);
  return payload;
}

/** An upstream on this machine whose answer is a stream without end. */
async function eventServer(): Promise<{ readonly server: Server; readonly port: number; readonly closed: Promise<unknown> }> {
  let close: ((value: unknown) => void) | undefined;
  const closed = new Promise((resolve) => (close = resolve));
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    response.on('close', () => close?.(undefined));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, closed };
}

interface OpenStream {
  readonly socket: Socket;
  /** Resolves with the first event. */
  readonly begun: Promise<unknown>;
  readonly closed: Promise<unknown>;
  text(): string;
}

function openStream(platform: Platform, target: string, key: string): OpenStream {
  const socket = connect(platform.port, '127.0.0.1');
  let text = '';
  socket.on('error', () => undefined).write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nx-runlayer-api-key: ${key}\r\n\r\n`);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.on('data', (piece: Buffer) => (text += piece.toString()));
  const begun = waitFor('the first event', () => (text.includes('data: 1') ? true : undefined));
  return { socket, begun, closed, text: () => text };
}
