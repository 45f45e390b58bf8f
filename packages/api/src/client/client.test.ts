// The client against real HTTP servers, good and bad.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from './create-client.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = (answer: Answer) => listen(createServer(answer));
const key = 'rl_user_canary_0123456789';
const json = (response: ServerResponse, status: number, body: unknown, type = 'application/json') =>
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('resolved'),
    (error: unknown) => error as Error & { data: Record<string, unknown> },
  );

describe('a request', () => {
  it('carries key and agent, keeps a path prefix, and encodes the id', async () => {
    const seen: IncomingMessage[] = [];
    const host = await serve((request, response) => {
      seen.push(request);
      json(response, 200, { id: 'x' });
    });
    const client = createClient({ host: `${host}/base//`, apiKey: key, userAgent: 'test/1' });
    await client.deployments.get('a/../b c');
    expect(client.host).toBe(`${host}/base`);
    expect(seen[0]).toMatchObject({
      url: '/base/api/v1/deployments/a%2F..%2Fb%20c',
      headers: { 'x-runlayer-api-key': key, 'user-agent': 'test/1' },
    });
  });

  it('sends wire bodies, queries and the idempotency key', async () => {
    const seen: string[] = [];
    const host = await serve((request, response) => {
      let text = '';
      request
        .on('data', (part) => (text += part))
        .on('end', () => {
          seen.push(`${request.method} ${request.url} ${String(request.headers['idempotency-key'] ?? '-')} ${text}`);
          json(response, 200, { lines: [], data: [], yaml_content: 'y' });
        });
    });
    const { deployments, signingKeys } = createClient({ host, apiKey: key });
    await deployments.create({ name: 'n' });
    await deployments.update('i', { yaml_content: 'y', docker_image: 'd' });
    await deployments.trigger('i', { idempotencyKey: 'k' });
    await deployments.list({ limit: 5, includeDeleted: true });
    await deployments.containerLogs('i', { tail: 3 });
    await deployments.destroy('i', { deleteConnectors: true });
    await signingKeys.rotate({ now: true });
    await signingKeys.revoke('a/b');
    expect(seen).toEqual([
      'POST /api/v1/deployments/ - {"name":"n"}',
      'PUT /api/v1/deployments/i - {"yaml_content":"y","docker_image":"d"}',
      'POST /api/v1/deployments/i/trigger k ',
      'GET /api/v1/deployments/?limit=5&include_deleted=true - ',
      'GET /api/v1/deployments/i/logs?tail=3 - ',
      'DELETE /api/v1/deployments/i?delete_connectors=true - ',
      'POST /api/v1/signing-keys/rotate - {"now":true}',
      'POST /api/v1/signing-keys/a%2Fb/revoke - ',
    ]);
  });

  it('resolves to nothing for 204', async () => {
    const host = await serve((_request, response) => response.writeHead(204).end());
    await expect(createClient({ host, apiKey: key }).servers.remove('i')).resolves.toBeUndefined();
  });
});

describe('an error answer', () => {
  it('becomes the server’s own error, with the request that met it', async () => {
    const problem = {
      type: 'about:blank',
      title: 'T',
      status: 409,
      detail: 'Busy.',
      code: 'ERR_RELEASE_IN_PROGRESS',
      hint: 'Wait.',
      data: { since: 1 },
    };
    const host = await serve((_request, response) => json(response, 409, problem, 'application/problem+json'));
    const error = await caught(createClient({ host, apiKey: key }).deployments.trigger('i'));
    expect(error).toMatchObject({ code: 'ERR_RELEASE_IN_PROGRESS', status: 409, message: 'Busy.', hint: 'Wait.' });
    expect(error.data).toEqual({ since: 1, request: { method: 'POST', path: '/api/v1/deployments/i/trigger', status: 409 } });
  });

  it.each([
    [
      'a page of another program',
      (r: ServerResponse) => r.writeHead(502).end('<html>'),
      'ERR_HTTP_STATUS',
      /GET \/api\/v1\/users\/me.*502/,
    ],
    ['text where JSON is due', (r: ServerResponse) => r.writeHead(200).end('<html>'), 'ERR_SERVER_ANSWER_UNREADABLE', /not JSON/],
    ['nothing where JSON is due', (r: ServerResponse) => r.writeHead(200).end(), 'ERR_SERVER_ANSWER_UNREADABLE', /not JSON/],
    [
      'a redirect',
      (r: ServerResponse) => r.writeHead(307, { location: 'https://other.example/x?k=v' }).end(),
      'ERR_SERVER_REDIRECTED',
      /https:\/\/other\.example\/x\.$/,
    ],
  ])('%s is told as such', async (_name, answer, code, message) => {
    const host = await serve((_request, response) => answer(response));
    const error = await caught(createClient({ host, apiKey: key }).me());
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('no answer', () => {
  const dead = async () => {
    const server = createTcpServer();
    const host = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    return host;
  };

  it.each([
    ['refused', dead],
    ['dns', async () => 'http://nowhere.invalid'],
    ['reset', () => listen(createTcpServer((socket) => socket.destroy()))],
    ['tls', async () => (await serve(() => {})).replace('http:', 'https:')],
    ['timeout', () => serve(() => {})],
    ['timeout', () => serve((_request, response) => response.writeHead(200).write('{'))],
  ])('says %s', async (reason, host) => {
    const client = createClient({ host: await host(), apiKey: key, timeoutMs: 300, retryDelaysMs: [] });
    const error = await caught(client.me());
    expect(error).toMatchObject({ code: 'ERR_SERVER_UNREACHABLE', data: { reason, method: 'GET', path: '/api/v1/users/me' } });
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('asks again for a cut GET, and only so often', async () => {
    let calls = 0;
    const host = await serve((request, response) => {
      calls += 1;
      if (calls < 3) request.socket.destroy();
      else json(response, 200, { id: 'me' });
    });
    await expect(createClient({ host, apiKey: key, retryDelaysMs: [1, 1] }).me()).resolves.toEqual({ id: 'me' });
    calls = -10;
    expect(await caught(createClient({ host, apiKey: key, retryDelaysMs: [1, 1] }).me())).toMatchObject({ code: 'ERR_SERVER_UNREACHABLE' });
    expect(calls).toBe(-7);
  });

  it('never sends a change twice', async () => {
    let calls = 0;
    const host = await serve((request) => {
      calls += 1;
      request.socket.destroy();
    });
    expect(await caught(createClient({ host, apiKey: key, retryDelaysMs: [1, 1] }).deployments.trigger('i'))).toMatchObject({
      code: 'ERR_SERVER_UNREACHABLE',
    });
    expect(calls).toBe(1);
  });

  it('ends with the reason of the caller’s signal', async () => {
    const control = new AbortController();
    const host = await serve(() => control.abort(new Error('enough')));
    expect((await caught(createClient({ host, apiKey: key }).me({ signal: control.signal }))).message).toBe('enough');
  });
});

describe('the key', () => {
  it.each(['a\nb', '', 'ключ', 'a b'])('%j is refused without being quoted', (apiKey) => {
    expect(() => createClient({ host: 'http://h', apiKey })).toThrow(/^The API key holds characters that no key has, or is empty\.$/);
  });

  it('is in no error', async () => {
    for (const host of [
      'http://127.0.0.1:1',
      'http://nowhere.invalid',
      await serve((_request, response) => response.writeHead(500).end()),
    ]) {
      const error = await caught(createClient({ host, apiKey: key, retryDelaysMs: [] }).me());
      const { inspect } = await import('node:util');
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(key);
    }
  });
});

it.each(['h', 'ftp://h', 'http://u:p@h', 'http://h/?q=1', ''])('refuses %j as a host', (host) => {
  expect(() => createClient({ host })).toThrow(expect.objectContaining({ code: 'ERR_HOST_INVALID' }));
});
