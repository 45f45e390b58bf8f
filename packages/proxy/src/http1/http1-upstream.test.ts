// What only the client on plain sockets promises: one buffer for all that mixes nothing up, whole answers, trailers, and nothing left behind.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { closeLater, closeUpstreams, hello, ok, openUpstream, serve } from '../../test/adapters.ts';
import { until } from '../../test/rig.ts';
import { Recorder, send } from '../../test/raw-upstream.ts';
import type { Upstream, UpstreamLimits } from '../upstream.ts';
import { createHttp1Upstream } from './http1-upstream.ts';

afterEach(closeUpstreams);

const open = (change: Partial<UpstreamLimits> = {}): Upstream => openUpstream(createHttp1Upstream, change);

/** Bytes of which each place tells which of several bodies it belongs to. */
function pattern(seed: number, size: number): Buffer {
  return Buffer.alloc(
    size,
    Uint8Array.from({ length: 251 }, (_, index) => (index * 31 + seed * 17) % 256),
  );
}

describe('many answers at once', () => {
  it('never get bytes of one another, however large their pieces are and however long these are kept', async () => {
    const sizes = [100, 5_000, 20_000, 70_000, 200_000, 900_000];
    const { origin } = await serve((socket, request) => {
      const [seed = 0, size = 0, chunked] = /\/(\d+)\/(\d+)\/(\d)/.exec(request)?.slice(1).map(Number) ?? [];
      const body = pattern(seed, size);
      if (chunked === 0) return socket.write(Buffer.concat([Buffer.from(`${ok}Content-Length: ${size}\r\n\r\n`), body]));
      socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`);
      for (let start = 0; start < size; start += 7_001) {
        const piece = body.subarray(start, start + 7_001);
        socket.write(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]));
      }
      return socket.write('0\r\n\r\n');
    });
    const client = open();
    for (let round = 0; round < 3; round += 1) {
      const asked = Array.from({ length: 24 }, (_, seed) => ({ seed, size: sizes[seed % sizes.length] as number }));
      const told = asked.map(({ seed, size }) => send(client, { origin, path: `/${seed}/${size}/${seed % 2}` }));
      for (const [index, { over }] of told.entries()) {
        const { seed, size } = asked[index] as { seed: number; size: number };
        expect((await over).body.equals(pattern(seed, size))).toBe(true);
      }
    }
  });
});

describe('a short answer', () => {
  it('is told whole, byte for byte', async () => {
    const body = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code));
    const { origin } = await serve((socket) => socket.write(`${ok}Content-Length: 256\r\n\r\n${body}`, 'latin1'));
    const told = await send(open(), { origin }).over;
    expect(told.order).toEqual(['start', 'whole']);
    expect(told.body.toString('latin1')).toBe(body);
  });

  it('that makes its listener throw costs the next request nothing', async () => {
    const { origin, connections } = await serve((socket) => socket.write(hello));
    const client = open();
    const thrower = new Recorder((event) => {
      if (event === 'whole') throw new Error('mine');
    });
    send(client, { origin }, thrower);
    await until(() => thrower.error !== undefined);
    expect((await send(client, { origin }).over).body.toString()).toBe('hello');
    expect(connections()).toBe(1);
  });

  it('may be followed by a request from within, on the same connection', async () => {
    const { origin, connections } = await serve((socket) => socket.write(hello));
    const client = open();
    let second: Promise<Recorder> | undefined;
    send(
      client,
      { origin },
      new Recorder((event) => {
        if (event === 'whole') second = send(client, { origin }).over;
      }),
    );
    await until(() => second !== undefined);
    expect((await second)?.body.toString()).toBe('hello');
    expect(connections()).toBe(1);
  });
});

describe('a request body', () => {
  it('has its trailers sent after the last chunk', async () => {
    const server = createServer((req, res) => void req.resume().on('end', () => res.end(JSON.stringify(req.rawTrailers))));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closeLater(() => server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const told = await send(open(), { origin, method: 'POST', body: Readable.from([Buffer.from('a')]), trailers: () => ['X-Sum', '1'] })
      .over;
    expect(told.body.toString()).toBe('["X-Sum","1"]');
    const bad = await send(open(), { origin, method: 'POST', body: Readable.from([]), trailers: () => ['Content-Length', '1'] }).over;
    expect(bad.error?.code).toBe('UND_ERR_INVALID_ARG');
  });

  it('never ends early by an empty piece', async () => {
    const { origin } = await serve((socket, request) => {
      let text = '';
      const take = (chunk: Buffer | string): void => {
        text += chunk.toString();
        if (text.endsWith('0\r\n\r\n')) socket.write(`${ok}Content-Length: ${text.length}\r\n\r\n${text}`);
      };
      socket.removeAllListeners('data').on('data', take);
      take(request);
    });
    const body = new PassThrough();
    const recorder = send(open(), { origin, method: 'POST', body });
    body.write('a');
    body.write(Buffer.alloc(0));
    body.end('b');
    expect((await recorder.over).body.toString().split('\r\n\r\n').slice(1).join('|')).toBe('1\r\na\r\n1\r\nb\r\n0|');
  });

  it('may take longer than the answer may', async () => {
    const { origin } = await serve((socket) => {
      socket.removeAllListeners('data').on('data', (chunk: Buffer) => void (chunk.toString().endsWith('!') && socket.write(hello)));
    });
    const body = new PassThrough();
    const recorder = send(open({ firstByteTimeoutMs: 400 }), { origin, method: 'POST', headers: ['Content-Length', '2'], body });
    body.write('a');
    setTimeout(() => body.end('!'), 900);
    expect((await recorder.over).body.toString()).toBe('hello');
  });

  it('that ended before it could be sent is an error', async () => {
    const { origin } = await serve(() => undefined);
    const body = new PassThrough();
    body.destroy();
    expect((await send(open(), { origin, method: 'POST', body }).over).order).toEqual(['start', 'error']);
  });

  it('is taken while the answer already comes', async () => {
    const { origin } = await serve((socket, request) => {
      socket.write(`${ok}Content-Length: 6\r\n\r\n`);
      socket.removeAllListeners('data').on('data', (chunk: Buffer) => socket.write(chunk));
      expect(request).toContain('Content-Length: 6');
    });
    const body = new PassThrough();
    const recorder = send(open(), { origin, method: 'POST', headers: ['Content-Length', '6'], body });
    await until(() => recorder.status === 200);
    body.write('abc');
    await until(() => recorder.body.toString() === 'abc');
    body.end('def');
    expect((await recorder.over).body.toString()).toBe('abcdef');
  });
});

describe('an origin', () => {
  it.each([
    ['whose address must be checked', { guarded: true }, 'UND_ERR_NOT_SUPPORTED'],
    ['that is encrypted', { origin: 'https://127.0.0.1:1' }, 'UND_ERR_NOT_SUPPORTED'],
    ['that is no address', { origin: 'nowhere' }, 'UND_ERR_INVALID_ARG'],
  ])('%s is refused', async (_name, request, code) => {
    expect((await send(open(), { origin: 'http://127.0.0.1:1', ...request }).over).error?.code).toBe(code);
  });

  it('may be an IPv6 address', async () => {
    const server = createServer((req, res) => void res.end(req.headers.host));
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    closeLater(() => server.close());
    const { port } = server.address() as AddressInfo;
    const told = await send(open(), { origin: `http://[::1]:${port}`, headers: [] }).over;
    expect(told.body.toString()).toBe(`[::1]:${port}`);
  });
});

describe('a lost connection', () => {
  it('under a request on a used connection is ECONNRESET, after the start and before any answer', async () => {
    const { origin } = await serve((socket, request) => (request.startsWith('POST') ? socket.end() : socket.write(hello)));
    const client = open();
    await send(client, { origin }).over;
    const told = await send(client, { origin, method: 'POST', body: Buffer.from('{}') }).over;
    expect(told.order).toEqual(['start', 'error']);
    expect(told.error?.code).toBe('ECONNRESET');
  });

  it('at each byte of an answer is an error, and the end of none', async () => {
    const text = `${ok}Content-Length: 3\r\n\r\nabc`;
    const { origin } = await serve((socket, request) => {
      const length = Number(/\/(\d+)/.exec(request)?.[1]);
      socket.write(text.slice(0, length), () => socket.resetAndDestroy());
    });
    const client = open();
    for (let length = 0; length < text.length; length += 1) {
      const told = await send(client, { origin, path: `/${length}` }).over;
      expect(told.order.at(-1)).toBe('error');
      expect(told.error?.code).toBe('ECONNRESET');
    }
  });
});
