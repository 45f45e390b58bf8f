// Calls that end before their time, on either side: the other side hears of it at once, and nothing looks whole that is not.
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ada, ask, closeAll, echo, hosted, key, listen, open, raw, startProxy, until } from '../test/rig.ts';

afterEach(closeAll);

const post = { method: 'POST', headers: { 'x-runlayer-api-key': key } };

describe('leaving early', () => {
  it('destroys the upstream request as soon as the caller leaves [PROXY-1]', async () => {
    let left: number | undefined;
    const { port, records } = await startProxy(
      (
        await listen((_req, res) => {
          res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
          res.on('close', () => (left = performance.now()));
        })
      ).port,
    );
    const res = await open(port, `${hosted}/mcp`);
    const start = performance.now();
    res.destroy();
    await until(() => left !== undefined);
    expect((left as number) - start).toBeLessThan(1_000);
    await until(() => records.length === 1);
    expect(records[0]?.outcome).toBe('caller-left');
  });

  it('destroys the upstream request when the caller leaves before any answer', async () => {
    let arrived = false;
    let closed = false;
    const { port, records } = await startProxy(
      (
        await listen((_req, res) => {
          arrived = true;
          res.on('close', () => (closed = true));
        })
      ).port,
    );
    const req = request({ port, host: '127.0.0.1', path: `${hosted}/mcp`, ...post, agent: false });
    req.on('error', () => undefined);
    req.end('{}');
    await until(() => arrived);
    req.destroy();
    await until(() => closed && records.length === 1);
    expect(records[0]).toMatchObject({ status: 0, outcome: 'caller-left' });
  });

  it('destroys the upstream request when the caller leaves in the middle of a body', async () => {
    let aborted = false;
    let bytes = 0;
    const { port } = await startProxy(
      (
        await listen((req) => {
          req
            .on('data', (chunk: Buffer) => (bytes += chunk.length))
            .on('close', () => (aborted = !req.complete))
            .on('error', () => undefined);
        })
      ).port,
    );
    const req = request({
      port,
      host: '127.0.0.1',
      path: `${hosted}/mcp`,
      method: 'POST',
      headers: { 'x-runlayer-api-key': key, 'content-length': '1000000' },
      agent: false,
    });
    req.on('error', () => undefined);
    req.write(Buffer.alloc(1_000));
    await until(() => bytes === 1_000);
    req.destroy();
    await until(() => aborted);
  });

  it('counts nobody who left before it was known who they were', async () => {
    const upstream = await listen(echo);
    let admit = (): void => {};
    const known = new Promise<void>((resolve) => (admit = resolve));
    const { port, proxy, records } = await startProxy(
      upstream.port,
      {},
      {
        authenticate: async () => (await known, { organizationId: ada.organizationId, subject: ada, mayCall: true }),
        limits: { concurrentCalls: 1 },
      },
    );
    const req = request({ port, host: '127.0.0.1', path: `${hosted}/mcp`, headers: { 'x-runlayer-api-key': key }, agent: false });
    req.on('error', () => undefined).end();
    await until(() => proxy.stats().running.calls === 1);
    req.destroy();
    await until(() => records.length === 1);
    admit();
    expect((await ask(port, `${hosted}/mcp`)).status).toBe(200);
    expect((await ask(port, `${hosted}/mcp`)).status).toBe(200);
    expect(upstream.sockets.size).toBe(1);
  });

  it('destroys what a pipelined call has begun upstream when the caller leaves', async () => {
    const upstream = await listen((_req, res) => res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders());
    const { port, records } = await startProxy(upstream.port);
    const one = `GET ${hosted}/mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nx-runlayer-api-key: ${key}\r\n\r\n`;
    const socket = connect(port, '127.0.0.1', () => socket.write(one.repeat(3)));
    await until(() => upstream.sockets.size === 3);
    socket.destroy();
    await until(() => upstream.sockets.size === 0 && records.length === 3);
  });

  it.each([
    ['chunked', {}],
    ['counted', { 'content-length': '1000' }],
    ['an event stream', { 'content-type': 'text/event-stream' }],
  ])('never ends an answer cleanly that its upstream broke off: %s [PROXY-1]', async (_name, headers) => {
    const { port, records } = await startProxy(
      (
        await listen((_req, res) => {
          res.writeHead(200, headers as Record<string, string>);
          res.write('data: half', () => res.socket?.destroy());
        })
      ).port,
    );
    const res = await open(port, `${hosted}/mcp`);
    res.on('data', () => undefined);
    const [error] = (await once(res, 'error')) as [Error & { code: string }];
    expect(error.code).toBe('ECONNRESET');
    expect(res.complete).toBe(false);
    await until(() => records.length === 1);
    expect(records[0]).toMatchObject({ outcome: 'upstream-failed', code: 'ERR_PROXY_RESET' });
  });

  it('keeps a call apart from others on the same upstream that break off', async () => {
    const upstream = await listen((req, res) => {
      if (req.url === '/dies') res.socket?.destroy();
      else setImmediate(() => res.end('alive'));
    });
    const { port } = await startProxy(upstream.port);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_value, index) => ask(port, `${hosted}/${index % 2 === 0 ? 'dies' : 'lives'}`, post)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, (_value, index) => (index % 2 === 0 ? 502 : 200)));
  });
});

describe('many streams', () => {
  it('never make calls wait for a free connection', async () => {
    const { port } = await startProxy(
      (
        await listen((req, res) => {
          if (req.method === 'GET') res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
          else res.end('called');
        })
      ).port,
    );
    const streams = await Promise.all(
      Array.from({ length: 300 }, () =>
        open(port, `${hosted}/mcp`, { headers: { 'x-runlayer-api-key': key, accept: 'text/event-stream' } }),
      ),
    );
    expect((await ask(port, `${hosted}/mcp`, post)).body).toBe('called');
    for (const stream of streams) stream.destroy();
  });
});

describe('disconnect', () => {
  it('cuts the open streams of one caller and no other', async () => {
    const upstream = await listen((_req, res) => res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders());
    const { port, proxy, records } = await startProxy(upstream.port);
    const [mine, other] = await Promise.all(
      [key, 'rl_agent_key'].map((credential) => open(port, `${hosted}/mcp`, { headers: { 'x-runlayer-api-key': credential } })),
    );
    const cut = once(mine as IncomingMessage, 'error');
    mine?.resume();
    expect(proxy.disconnect(({ subject }) => subject !== undefined && 'userId' in subject && subject.userId === ada.userId)).toBe(1);
    await cut;
    await until(() => upstream.sockets.size === 1);
    expect(other?.destroyed).toBe(false);
    expect(records).toMatchObject([{ outcome: 'cut', status: 200, subject: ada }]);
  });
});

describe('a body that does not come', () => {
  it('is given up', async () => {
    const upstream = await listen(echo);
    const { port, records } = await startProxy(upstream.port, {}, { limits: { wholeBodyMs: 10 } });
    const head = `POST ${hosted}/mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nx-runlayer-api-key: ${key}\r\nContent-Length: 10\r\n\r\n{`;
    expect(await raw(port, head)).toMatch(/^HTTP\/1.1 408 [^]*ERR_PROXY_BODY/);
    expect(records).toMatchObject([{ status: 408, outcome: 'refused' }]);
  });
});

describe('a storm of calls', () => {
  it('leaves nothing behind, wherever either side breaks off', async () => {
    const upstream = await listen((req, res) => {
      // A server that does not read does not hear of a caller leaving either.
      req.resume();
      const act = Number(new URL(req.url ?? '/', 'http://x').searchParams.get('act'));
      if (act === 0) res.end('whole');
      else if (act === 1) res.socket?.destroy();
      else if (act === 2) res.write('half', () => res.socket?.destroy());
      else if (act === 3) res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      else if (act === 4) req.on('end', () => res.end('read'));
    });
    const { port, proxy, records, handled } = await startProxy(upstream.port);
    let calls = 0;
    const caller = async (): Promise<void> => {
      while (calls < 300) {
        calls += 1;
        await callAndLeave(port, calls % 6, (calls * 7) % 40, (calls * 13_577) % 150_000);
      }
    };
    await Promise.all(Array.from({ length: 10 }, caller));
    await until(() => records.length === handled());
    expect(records.length).toBeGreaterThan(calls / 2);
    expect(proxy.disconnect(() => true)).toBe(0);
    expect((await ask(port, `${hosted}/x?act=0`)).body).toBe('whole');
    await proxy.close();
    await until(() => upstream.sockets.size === 0);
  });
});

/** Makes a call and leaves after so many milliseconds, whatever has come of it by then. */
async function callAndLeave(port: number, act: number, leaveAfter: number, size: number): Promise<void> {
  const req = request({
    port,
    host: '127.0.0.1',
    path: `${hosted}/x?act=${act}`,
    method: 'POST',
    headers: { 'x-runlayer-api-key': key, 'content-length': String(size) },
    agent: false,
  });
  const closed = once(req, 'close').catch(() => undefined);
  req.on('error', () => undefined).on('response', (res) => res.on('error', () => undefined).resume());
  req.end(Buffer.alloc(size));
  setTimeout(() => req.destroy(), leaveAfter);
  await closed;
}
