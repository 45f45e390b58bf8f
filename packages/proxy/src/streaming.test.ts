// Bodies and streams in both directions: nothing is buffered, nothing lost, nothing ended that was not.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, closeAll, echo, hosted, key, listen, open, raw, rawGet, seen, startProxy, until } from '../test/rig.ts';

afterEach(closeAll);

const post = { method: 'POST', headers: { 'x-runlayer-api-key': key } };
const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('answers', () => {
  it('sends the head and each event on at once, long before the stream ends [PROXY-1]', async () => {
    let upstream: ServerResponse | undefined;
    const { port } = await startProxy(
      (
        await listen((_req, res) => {
          res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
          upstream = res;
        })
      ).port,
    );
    const res = await open(port, `${hosted}/mcp`, { headers: { 'x-runlayer-api-key': key, accept: 'text/event-stream' } });
    expect(res.headers['content-type']).toBe('text/event-stream');
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      upstream?.write(event);
      const [chunk] = (await once(res, 'data')) as [Buffer];
      expect(chunk.toString()).toBe(event);
    }
    upstream?.end();
    await once(res, 'end');
  });

  it('sends the head on while an ordinary body is still to come', async () => {
    let upstream: ServerResponse | undefined;
    const { port } = await startProxy(
      (
        await listen((_req, res) => {
          res.writeHead(200, { 'content-type': 'application/json', 'content-length': '2' }).flushHeaders();
          upstream = res;
        })
      ).port,
    );
    const res = await open(port, `${hosted}/mcp`, post);
    upstream?.end('{}');
    expect((await once(res, 'data')).toString()).toBe('{}');
  });

  it.each([
    [200, 'GET', { 'content-length': '5' }, 'hello'],
    [202, 'POST', { 'content-length': '0' }, ''],
    [204, 'DELETE', {}, ''],
    [304, 'GET', { etag: '"a"' }, ''],
    [404, 'POST', { 'content-type': 'application/json' }, '{"jsonrpc":"2.0","error":{"code":-32601,"message":"no"},"id":null}'],
    [405, 'GET', { allow: 'POST' }, ''],
    [500, 'POST', {}, 'broken'],
  ])('passes %i to %s with its body as it is [PROXY-1]', async (status, method, headers, body) => {
    const { port } = await startProxy(
      (await listen((_req, res) => void res.writeHead(status, headers as Record<string, string>).end(body))).port,
    );
    const answer = await ask(port, `${hosted}/mcp`, { ...post, method });
    expect(answer).toMatchObject({ status, body, headers });
    expect(answer.headers['x-runlayer-origin']).toBeUndefined();
  });

  it('answers HEAD with the length of what GET would bring', async () => {
    const { port } = await startProxy((await listen((_req, res) => void res.writeHead(200, { 'content-length': '1234' }).end())).port);
    expect(await ask(port, `${hosted}/file`, { ...post, method: 'HEAD' })).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': '1234' },
    });
  });

  it('lets 102 through and goes on to the answer', async () => {
    const { port } = await startProxy(
      (
        await listen((_req, res) => {
          res.writeProcessing();
          res.writeEarlyHints({ link: '</a>; rel=preload' });
          res.end('done');
        })
      ).port,
    );
    const text = await rawGet(port, `${hosted}/x`, [`x-runlayer-api-key: ${key}`]);
    expect(text).toMatch(/^HTTP\/1\.1 102 Processing\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain('done');
  });

  it('serves an HTTP/1.0 caller without chunks', async () => {
    const { port } = await startProxy(
      (
        await listen((_req, res) => {
          res.write('a');
          res.end('b');
        })
      ).port,
    );
    const text = await raw(port, `GET ${hosted}/x HTTP/1.0\r\nHost: 127.0.0.1\r\nx-runlayer-api-key: ${key}\r\n\r\n`);
    expect(text).toMatch(/\r\n\r\nab$/);
  });

  it('passes trailers, less those that mean something to the connection', async () => {
    const { port } = await startProxy(
      (
        await listen((_req, res) => {
          res.writeHead(200, { trailer: 'x-sum, x-runlayer-origin' });
          res.write('a');
          res.addTrailers({ 'x-sum': '1', 'x-runlayer-origin': 'platform', 'set-cookie': 'a=b' });
          res.end();
        })
      ).port,
    );
    const text = await rawGet(port, `${hosted}/x`, [`x-runlayer-api-key: ${key}`]);
    expect(text).toContain('x-sum: 1');
    expect(text).not.toMatch(/x-runlayer-origin|set-cookie/i);
  });

  it('brings 32 MB through unchanged, counting them', async () => {
    const bytes = randomBytes(32 * 1024 * 1024);
    const { port, records } = await startProxy((await listen((_req, res) => void res.end(bytes))).port);
    const res = await open(port, `${hosted}/file`);
    const hash = createHash('sha256');
    for await (const chunk of res) hash.update(chunk as Buffer);
    expect(hash.digest('hex')).toBe(sha(bytes));
    await until(() => records.length === 1);
    expect(records[0]).toMatchObject({ bytesSent: bytes.length, outcome: 'complete', status: 200, kind: 'hosted', path: '/file' });
  });

  it('holds the upstream back while the caller does not read', async () => {
    let written = 0;
    let blocked = false;
    const chunk = Buffer.alloc(16 * 1024);
    const { port } = await startProxy(
      (
        await listen((_req, res) => {
          const fill = (): void => {
            do written += chunk.length;
            while (res.write(chunk));
            blocked = true;
          };
          res.on('drain', () => {
            blocked = false;
            fill();
          });
          fill();
        })
      ).port,
    );
    const res = await open(port, `${hosted}/endless`);
    res.pause();
    await settled(() => written);
    // What fits into socket buffers of the system on both sides, not what the upstream could make.
    expect(written).toBeLessThan(32 * 1024 * 1024);
    expect(blocked).toBe(true);
    const before = written;
    res.on('data', () => undefined).resume();
    await until(() => written > before + 4 * chunk.length);
    res.destroy();
  });
});

describe('request bodies', () => {
  it.each([
    ['short', 1_000],
    ['long', 8 * 1024 * 1024],
  ])('brings a %s body through unchanged', async (_name, size) => {
    const bytes = randomBytes(size);
    const { port } = await startProxy(
      (
        await listen((req, res) => {
          const hash = createHash('sha256');
          req.on('data', (chunk: Buffer) => hash.update(chunk)).on('end', () => res.end(hash.digest('hex')));
        })
      ).port,
    );
    for (const headers of [{ 'content-length': String(size) }, { 'transfer-encoding': 'chunked' }]) {
      expect(
        (await ask(port, `${hosted}/x`, { method: 'POST', headers: { 'x-runlayer-api-key': key, ...headers }, body: bytes })).body,
      ).toBe(sha(bytes));
    }
  });

  it('keeps the length a caller declared, and has none where there is no body', async () => {
    const { port } = await startProxy((await listen(echo)).port);
    const headers = seen(await ask(port, `${hosted}/x`, { ...post, body: 'abc' })).headers;
    expect(headers.filter(([name]) => /^(content-length|transfer-encoding)$/i.test(name))).toEqual([['Content-Length', '3']]);
    const none = seen(await ask(port, `${hosted}/x`, { headers: { 'x-runlayer-api-key': key } })).headers;
    expect(none.filter(([name]) => /^(content-length|transfer-encoding)$/i.test(name))).toEqual([]);
  });

  it('streams a long body while it is still being sent', async () => {
    const got: string[] = [];
    const { port } = await startProxy(
      (
        await listen((req, res) => {
          req.on('data', (chunk: Buffer) => void got.push(chunk.toString()));
          req.on('end', () => res.end('ok'));
        })
      ).port,
    );
    const req = request({ port, host: '127.0.0.1', path: `${hosted}/x`, ...post, agent: false });
    req.write('first');
    await until(() => got.join('') === 'first');
    req.end('second');
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    expect((await once(res, 'data')).toString()).toBe('ok');
    expect(got.join('')).toBe('firstsecond');
  });

  it('holds the caller back while the upstream does not read', async () => {
    let upstream: IncomingMessage | undefined;
    const { port } = await startProxy((await listen((req) => void (upstream = req.pause()))).port);
    const req = request({ port, host: '127.0.0.1', path: `${hosted}/x`, ...post, agent: false });
    req.on('error', () => undefined);
    const chunk = Buffer.alloc(16 * 1024);
    let written = 0;
    const fill = (): void => {
      do written += chunk.length;
      while (req.write(chunk));
    };
    req.on('drain', fill);
    fill();
    await until(() => upstream !== undefined);
    await settled(() => written);
    expect(written).toBeLessThan(32 * 1024 * 1024);
    req.destroy();
  });

  it('brings an answer that comes before the body was sent', async () => {
    const { port } = await startProxy((await listen((_req, res) => void res.writeHead(413).end('too long'))).port);
    const req = request({ port, host: '127.0.0.1', path: `${hosted}/x`, ...post, agent: false });
    req.on('error', () => undefined);
    req.write(Buffer.alloc(200_000));
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    expect(res.statusCode).toBe(413);
    expect((await once(res, 'data')).toString()).toBe('too long');
    req.destroy();
  });

  it('refuses a body of two lengths before any upstream sees it', async () => {
    let calls = 0;
    const { port } = await startProxy((await listen(() => void (calls += 1))).port);
    const text = await raw(
      port,
      `POST ${hosted}/x HTTP/1.1\r\nHost: 127.0.0.1\r\nx-runlayer-api-key: ${key}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(calls).toBe(0);
  });
});

/** Waits until a number stands still. */
async function settled(read: () => number): Promise<void> {
  let last = -1;
  let quiet = 0;
  while (quiet < 20) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    quiet = read() === last ? quiet + 1 : 0;
    last = read();
  }
}
