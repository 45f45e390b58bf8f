// Upstreams that are not there, go away, or answer nonsense: what the caller is told, and when a call is sent again.
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, closeAll, connector, deploymentId, echo, hosted, key, listen, open, startProxy, until } from '../test/rig.ts';
import type { Answer } from '../test/rig.ts';
import type { ProxyRoute } from './route.ts';

afterEach(closeAll);

const tcp: (() => void)[] = [];
afterEach(() => {
  for (const close of tcp.splice(0)) close();
});

const post = { method: 'POST', headers: { 'x-runlayer-api-key': key }, body: '{}' };

function problem(answer: Answer): { code: string; detail: string; status: number } {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['x-runlayer-origin']).toBe('platform');
  expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  return JSON.parse(answer.body) as { code: string; detail: string; status: number };
}

/** A port on which nothing listens. */
async function deadPort(): Promise<number> {
  const { server, port } = await listen(echo);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An upstream that answers every request with these bytes. */
async function answering(act: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => act(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tcp.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('a deployment that does not serve', () => {
  it('is 503 with the cause and when to try again', async () => {
    const { port, set } = await startProxy(1);
    set({ unavailable: { reason: 'The deployment is starting.', retryAfterSeconds: 3 } });
    const answer = await ask(port, `${hosted}/mcp`, post);
    expect(problem(answer)).toMatchObject({ status: 503, code: 'ERR_PROXY_UNAVAILABLE', detail: 'The deployment is starting.' });
    expect(answer.headers['retry-after']).toBe('3');
  });

  it('is 503 when it has no instance', async () => {
    const { port } = await startProxy(1, { endpoints: [] });
    expect(problem(await ask(port, `${hosted}/mcp`, post))).toMatchObject({
      status: 503,
      detail: `Deployment ${deploymentId} has no running instance.`,
    });
  });
});

describe('an upstream that fails', () => {
  it('is 502 naming the port of the container when nothing listens', async () => {
    const { port } = await startProxy(await deadPort());
    const { detail, ...rest } = problem(await ask(port, `${hosted}/mcp`, post));
    expect(rest).toMatchObject({ status: 502, code: 'ERR_PROXY_REFUSED' });
    expect(detail).toContain('not listening on 8000');
    expect(detail).not.toContain('127.0.0.1');
  });

  it.each([
    ['closes at once', (socket: Socket) => socket.destroy(), 502, 'ERR_PROXY_RESET'],
    ['closes within its head', (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\nA: b'), 502, 'ERR_PROXY_RESET'],
    [
      'says two lengths',
      (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc'),
      502,
      'ERR_PROXY_ANSWER',
    ],
    [
      'switches protocols unasked',
      (socket: Socket) => void socket.write('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      502,
      'ERR_PROXY_ANSWER',
    ],
    ['speaks something else', (socket: Socket) => void socket.end('SSH-2.0-OpenSSH_9\r\n'), 502, 'ERR_PROXY_ANSWER'],
    [
      'sends a head without end',
      (socket: Socket) => void socket.write(`HTTP/1.1 200 OK\r\nA: ${'b'.repeat(100_000)}`),
      502,
      'ERR_PROXY_ANSWER',
    ],
  ])('that %s is %s', async (_name, act, status, code) => {
    const { port } = await startProxy(await answering(act));
    expect(problem(await ask(port, `${hosted}/mcp`, post))).toMatchObject({ status, code });
  });

  it('that says nothing is 504 once the time for a first byte is over', async () => {
    const { port } = await startProxy((await listen(() => undefined)).port, {}, { limits: { firstByteTimeoutMs: 50 } });
    expect(problem(await ask(port, `${hosted}/mcp`, post))).toMatchObject({ status: 504, code: 'ERR_PROXY_TIMEOUT' });
  });

  it('cannot pass for the platform', async () => {
    const { port } = await startProxy(
      (await listen((_req, res) => void res.writeHead(404, { 'X-Runlayer-Origin': 'platform' }).end())).port,
    );
    const answer = await ask(port, `${hosted}/mcp`, post);
    expect(answer.status).toBe(404);
    expect(answer.headers['x-runlayer-origin']).toBeUndefined();
  });
});

describe('a second attempt', () => {
  it('goes where refresh says when nothing could be connected, body and all', async () => {
    const upstream = await listen(echo);
    const dead = await deadPort();
    const refreshed: string[] = [];
    let failing = false;
    let fresh: ProxyRoute | undefined;
    const { port, route } = await startProxy(dead, {}, {});
    fresh = { ...route(), endpoints: [{ host: '127.0.0.1', port: upstream.port }] };
    const rig = await startProxy(
      dead,
      {},
      {
        routes: {
          deployment: () => route(),
          connector: () => undefined,
          refresh: (stale) => {
            if (failing) throw new Error('down');
            refreshed.push(stale.id);
            return Promise.resolve(fresh);
          },
        },
      },
    );
    for (const body of ['short', 'long'.repeat(50_000)]) {
      const answer = await ask(rig.port, `${hosted}/mcp`, { ...post, body });
      expect(JSON.parse(answer.body)).toMatchObject({ body });
    }
    expect(refreshed).toEqual([deploymentId, deploymentId]);
    fresh = { ...route(), unavailable: { reason: 'It was stopped.' } };
    expect(problem(await ask(rig.port, `${hosted}/mcp`, post))).toMatchObject({ status: 503, detail: 'It was stopped.' });
    failing = true;
    expect((await ask(rig.port, `${hosted}/mcp`, post)).status).toBe(502);
    failing = false;
    fresh = undefined;
    expect((await ask(rig.port, `${hosted}/mcp`, post)).status).toBe(404);
    expect((await ask(port, `${hosted}/mcp`, post)).status).toBe(502);
  });

  it('tries the other instance when one is gone', async () => {
    const upstream = await listen(echo);
    const endpoints = [
      { host: '127.0.0.1', port: await deadPort() },
      { host: '127.0.0.1', port: upstream.port },
    ];
    const { port } = await startProxy(upstream.port, { endpoints });
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask(port, `${hosted}/mcp`, post)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('never sends a POST again once it may have arrived', async () => {
    let calls = 0;
    const { port } = await startProxy(
      (
        await listen((_req, res) => {
          calls += 1;
          res.socket?.destroy();
        })
      ).port,
    );
    expect((await ask(port, `${hosted}/mcp`, post)).status).toBe(502);
    expect(calls).toBe(1);
  });

  it('sends a GET again when the connection was lost under it', async () => {
    let calls = 0;
    const { port } = await startProxy(
      (
        await listen((_req, res) => {
          calls += 1;
          if (calls === 1) res.socket?.destroy();
          else res.end('second');
        })
      ).port,
    );
    expect((await ask(port, `${hosted}/x`)).body).toBe('second');
  });
});

describe('a successor', () => {
  it('gets the GET whose connection was lost when its predecessor stopped', async () => {
    const successor = await listen((_req, res) => res.end('successor'));
    const stopping = await listen((_req, res) => {
      stopping.server.close();
      res.socket?.destroy();
    });
    const { port } = await startProxy(stopping.port);
    const stale = (await startProxy(stopping.port)).route();
    const fresh = { ...stale, endpoints: [{ host: '127.0.0.1', port: successor.port }] };
    const rig = await startProxy(
      stopping.port,
      {},
      { routes: { deployment: () => stale, connector: () => undefined, refresh: () => fresh } },
    );
    expect((await ask(rig.port, `${hosted}/x`)).body).toBe('successor');
    expect((await ask(port, `${hosted}/x`)).status).toBe(502);
  });
});

describe('connections for reuse', () => {
  it('are used again while calls follow each other', async () => {
    const ports = new Set<number>();
    const { port } = await startProxy(
      (
        await listen((req, res) => {
          ports.add(req.socket.remotePort ?? 0);
          res.end('ok');
        })
      ).port,
    );
    for (let index = 0; index < 10; index += 1) await ask(port, `${hosted}/mcp`, post);
    expect(ports.size).toBe(1);
  });

  it('bring no 502 when the upstream closes idle ones, hinted or not', async () => {
    const upstream = await listen((_req, res) => res.end('ok'));
    const { port } = await startProxy(upstream.port);
    for (let index = 0; index < 25; index += 1) {
      expect((await ask(port, `${hosted}/mcp`, post)).status).toBe(200);
      for (const socket of upstream.sockets) socket.end();
      if (index % 2 === 0) await until(() => upstream.sockets.size === 0);
    }
  });

  it('are given up a second before the time that the upstream names', async () => {
    const upstream = await listen((_req, res) => res.writeHead(200, { 'keep-alive': 'timeout=1' }).end('ok'), { keepAliveTimeout: 60_000 });
    const { port } = await startProxy(upstream.port, {}, { limits: { keepAliveTimeoutMs: 60_000 } });
    expect((await ask(port, `${hosted}/mcp`, post)).status).toBe(200);
    await until(() => upstream.sockets.size === 0);
    expect((await ask(port, `${hosted}/mcp`, post)).status).toBe(200);
  });
});

describe('a connector by URL', () => {
  it('is called at its own path and host, its query kept [PROXY-1]', async () => {
    const upstream = await listen(echo);
    const { port } = await startProxy(
      upstream.port,
      { origin: `http://127.0.0.1:${upstream.port}`, endpoints: [], mcpPath: '/team/mcp?tenant=7' },
      { allowAddress: () => true },
    );
    const answer = JSON.parse((await ask(port, `${connector}/mcp?cursor=2`, post)).body) as { url: string; headers: string[][] };
    expect(answer.url).toBe('/team/mcp?tenant=7&cursor=2');
    expect(answer.headers).toContainEqual(['host', `127.0.0.1:${upstream.port}`]);
    expect((await ask(port, `${connector}/other`, post)).status).toBe(404);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]'])(
    'at %s is refused, since the address is not public',
    async (host) => {
      const upstream = await listen(echo);
      const { port } = await startProxy(1, { origin: `http://${host}:${upstream.port}`, endpoints: [] });
      expect(problem(await ask(port, `${connector}/mcp`, post))).toMatchObject({ status: 502, code: 'ERR_PROXY_ADDRESS' });
      expect(upstream.sockets.size).toBe(0);
    },
  );

  it('whose name has one address inside is refused', async () => {
    const lookup = (
      _name: string,
      _options: unknown,
      callback: (error: null, found: { address: string; family: number }[]) => void,
    ): void =>
      callback(null, [
        { address: '8.8.8.8', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ]);
    const { port } = await startProxy(1, { origin: 'http://rebind.example.com', endpoints: [] }, { lookup });
    expect(problem(await ask(port, `${connector}/mcp`, post)).code).toBe('ERR_PROXY_ADDRESS');
  });

  it('whose name does not resolve is 502 with its host', async () => {
    const lookup = (_name: string, _options: unknown, callback: (error: Error) => void): void =>
      callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const { port } = await startProxy(1, { origin: 'https://gone.example.com', endpoints: [] }, { lookup: lookup as never });
    expect(problem(await ask(port, `${connector}/mcp`, post))).toMatchObject({
      status: 502,
      code: 'ERR_PROXY_UNREACHABLE',
      detail: expect.stringContaining('gone.example.com'),
    });
  });
});

describe('closing', () => {
  it('refuses new calls, lets running ones finish, then cuts the rest', async () => {
    let finish: (() => void) | undefined;
    const upstream = await listen((req, res) => {
      res.writeHead(200).flushHeaders();
      if (req.url === '/finishes') finish = () => res.end('whole');
    });
    const { port, proxy } = await startProxy(upstream.port);
    const finishing = await open(port, `${hosted}/finishes`);
    const endless = await open(port, `${hosted}/endless`);
    const cut = new Promise((resolve) => endless.on('error', resolve));
    endless.resume();
    const closed = proxy.close(300);
    expect(problem(await ask(port, `${hosted}/x`))).toMatchObject({ status: 503, code: 'ERR_PROXY_CLOSING' });
    finish?.();
    const chunks: Buffer[] = [];
    for await (const chunk of finishing) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('whole');
    await closed;
    await cut;
    await until(() => upstream.sockets.size === 0);
  });
});
