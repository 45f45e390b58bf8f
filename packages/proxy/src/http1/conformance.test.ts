// What the upstream port promises, held by each of its adapters.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../test/rig.ts';
import { rawUpstream, Recorder, send } from '../../test/raw-upstream.ts';
import type { RawUpstream } from '../../test/raw-upstream.ts';
import { createUndiciUpstream } from '../undici-upstream.ts';
import type { UpstreamLimits } from '../undici-upstream.ts';
import type { Upstream } from '../upstream.ts';
import { createHttp1Upstream } from './http1-upstream.ts';

const limits: UpstreamLimits = { connectTimeoutMs: 5_000, firstByteTimeoutMs: 20_000, keepAliveTimeoutMs: 4_000 };
const adapters: [string, (limits: UpstreamLimits) => Upstream][] = [
  ['http1', createHttp1Upstream],
  ['undici', (its) => createUndiciUpstream(its, { allowAddress: () => true, lookup: undefined })],
];

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function serve(answer: (socket: Socket, request: string) => unknown): Promise<RawUpstream> {
  const upstream = await rawUpstream(answer);
  closers.push(() => upstream.close());
  return upstream;
}

const ok = 'HTTP/1.1 200 OK\r\n';
const hello = `${ok}Content-Length: 5\r\n\r\nhello`;

describe.each(adapters)('the upstream port on %s', (name, create) => {
  function open(change: Partial<UpstreamLimits> = {}): Upstream {
    const client = create({ ...limits, ...change });
    closers.push(() => client.close());
    return client;
  }

  describe('tells', () => {
    it('the start, the head, the body and the end, in that order', async () => {
      const { origin } = await serve((socket) =>
        socket.write(`${ok}X-A: \xe9\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: u\r\n\r\n`, 'latin1'),
      );
      const told = await send(open(), { origin }).over;
      expect(told.order).toEqual(['start', 'head', 'data', 'end']);
      expect(told).toMatchObject({
        status: 200,
        message: 'OK',
        headers: ['X-A', '\xe9', 'Transfer-Encoding', 'chunked'],
        trailers: ['T', 'u'],
      });
      expect(told.body.toString()).toBe('abc');
    });

    it('1xx answers before the head', async () => {
      const { origin } = await serve((socket) =>
        socket.write(`HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${hello}`),
      );
      const told = await send(open(), { origin }).over;
      expect(told.informations).toEqual([[102, []], [103, ['Link', 'x']]]); // prettier-ignore
      expect(told.body.toString()).toBe('hello');
    });

    it.each(['HEAD', 'GET'])('an answer without a body to %s', async (method) => {
      const text = method === 'HEAD' ? `${ok}Content-Length: 5\r\n\r\n` : 'HTTP/1.1 204 No Content\r\n\r\n';
      const { origin } = await serve((socket) => socket.write(text));
      const told = await send(open(), { origin, method }).over;
      expect(told.error).toBeUndefined();
      expect(told.body.length).toBe(0);
    });

    it('a body up to a clean close, and no end after a reset', async () => {
      const { origin } = await serve((socket, request) =>
        socket.write(`${ok}\r\nabc`, () => (request.startsWith('GET /clean') ? socket.end() : socket.resetAndDestroy())),
      );
      const client = open();
      const clean = await send(client, { origin, path: '/clean' }).over;
      expect([clean.order.at(-1), clean.body.toString()]).toEqual(['end', 'abc']);
      const reset = await send(client, { origin, path: '/reset' }).over;
      // undici takes a reset for the end of such a body.
      expect(reset.order.at(-1)).toBe(name === 'undici' ? 'end' : 'error');
    });

    it.each([
      ['counted', `${ok}Content-Length: 10\r\n\r\nabc`],
      ['chunked', `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`],
    ])('an error when a %s body breaks off, cleanly or not', async (_kind, text) => {
      for (const leave of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
        const { origin } = await serve((socket) => socket.write(text, () => leave(socket)));
        const told = await send(open(), { origin }).over;
        expect(told.order.at(-1)).toBe('error');
        expect(told.order).not.toContain('end');
      }
    });

    it('the error that its listener throws when told of the head', async () => {
      const { origin } = await serve((socket) => socket.write(hello));
      const mine = new Error('mine');
      const told = await send(
        open(),
        { origin },
        new Recorder((event) => {
          if (event === 'head' || event === 'whole') throw mine;
        }),
      ).over;
      // A whole answer that was told has ended its recorder, an error still follows.
      await until(() => told.error !== undefined);
      expect(told.error).toBe(mine);
    });
  });

  describe('refuses', () => {
    it.each([
      ['a request with a line feed in a header', { headers: ['Host', 'h', 'A', 'b\r\nC: d'] }],
      ['a request with a line feed in its path', { path: '/a\r\nb' }],
      ['a request with a method that is none', { method: 'GE T' }],
      ['a request with a coding of its own', { headers: ['Host', 'h', 'Transfer-Encoding', 'chunked'] }],
    ])('%s', async (_what, request) => {
      let calls = 0;
      const { origin } = await serve(() => (calls += 1));
      const told = await send(open(), { origin, ...request }).over;
      expect(told.error?.code).toBe('UND_ERR_INVALID_ARG');
      expect(calls).toBe(0);
    });

    it('a port on which nothing listens, before the start', async () => {
      const gone = await rawUpstream(() => undefined);
      await gone.close();
      const told = await send(open(), { origin: gone.origin }).over;
      expect(told.error?.code).toBe('ECONNREFUSED');
      expect(told.order).toEqual(['error']);
    });

    it('an answer with two lengths', async () => {
      const { origin } = await serve((socket) => socket.write(`${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`));
      const told = await send(open(), { origin }).over;
      expect(told.order.at(-1)).toBe('error');
      expect(told.order).not.toContain('data');
    });

    it('a switch of protocols', async () => {
      const { origin } = await serve((socket) => socket.write('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'));
      expect((await send(open(), { origin }).over).order).toEqual(['start', 'error']);
    });
  });

  describe('in time', () => {
    it('gives up a connection that does not come about', async () => {
      const told = await send(open({ connectTimeoutMs: 100 }), { origin: await unansweringOrigin() }).over;
      expect(told.order).toEqual(['error']);
      expect(told.error?.code).toBe('UND_ERR_CONNECT_TIMEOUT');
    });

    it.each([
      ['nothing', ''],
      ['half a head', `${ok}A: b\r\n`],
      ['a 102', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ])('gives up an answer of which %s comes', async (_what, text) => {
      const { origin, sockets } = await serve((socket) => socket.write(text));
      const told = await send(open({ firstByteTimeoutMs: 150 }), { origin }).over;
      expect(told.error?.code).toBe('UND_ERR_HEADERS_TIMEOUT');
      await until(() => sockets.size === 0);
    });

    it('leaves an answer that has begun all the time it takes', async () => {
      const { origin } = await serve((socket) => {
        socket.write(`${ok}Content-Length: 2\r\n\r\na`);
        setTimeout(() => socket.write('b'), 700);
      });
      expect((await send(open({ firstByteTimeoutMs: 150 }), { origin }).over).body.toString()).toBe('ab');
    });
  });

  describe('keeps connections', () => {
    it('for the next request', async () => {
      const { origin, connections } = await serve((socket) => socket.write(hello));
      const client = open();
      for (let count = 0; count < 5; count += 1) {
        expect((await send(client, { origin }).over).body.toString()).toBe('hello');
        await turn();
      }
      expect(connections()).toBe(1);
    });

    it('of streams apart from those of calls', async () => {
      const { origin, connections } = await serve((socket) => socket.write(hello));
      const client = open();
      await send(client, { origin, longLived: true }).over;
      await send(client, { origin }).over;
      expect(connections()).toBe(2);
    });

    it('without a cap: no request waits for another', async () => {
      const waiting: Socket[] = [];
      const { origin } = await serve((socket) => waiting.push(socket));
      const client = open();
      const all = Array.from({ length: 100 }, () => send(client, { origin }));
      await until(() => waiting.length === 100);
      for (const socket of waiting) socket.write(hello);
      for (const told of await Promise.all(all.map(({ over }) => over))) expect(told.body.toString()).toBe('hello');
    });

    it.each([
      ['the server closes', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
      ['ends with HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
      ['bytes follow', `${hello}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged`],
      ['garbage follows', `${hello}garbage`],
      ['the hint says one second', 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n'],
    ])('but none that %s', async (_why, text) => {
      const { origin, connections, sockets } = await serve((socket) => socket.write(text));
      const client = open();
      for (let count = 0; count < 3; count += 1) {
        const told = await send(client, { origin }).over;
        expect(told.status).toBe(200);
        expect(told.body.toString()).not.toContain('forged');
        await until(() => sockets.size === 0);
      }
      expect(connections()).toBe(3);
    });

    it('and drops one on which a byte comes unasked', async () => {
      const { origin, sockets } = await serve((socket) => socket.write(hello));
      const client = open();
      await send(client, { origin }).over;
      for (const socket of sockets) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged');
      await until(() => sockets.size === 0);
      expect((await send(client, { origin }).over).body.toString()).toBe('hello');
    });

    it('and drops one that the server closes', async () => {
      const { origin, sockets, connections } = await serve((socket) => socket.write(hello));
      const client = open();
      for (const close of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
        await send(client, { origin }).over;
        for (const socket of sockets) close(socket);
        await until(() => sockets.size === 0);
        // Its end is seen a moment later on this side.
        await turn();
      }
      expect((await send(client, { origin }).over).body.toString()).toBe('hello');
      expect(connections()).toBe(3);
    });

    it('no longer than was said', async () => {
      const { origin, sockets } = await serve((socket) => socket.write(hello));
      await send(open({ keepAliveTimeoutMs: 100 }), { origin }).over;
      expect(sockets.size).toBe(1);
      await until(() => sockets.size === 0);
    });

    it('as long as the server says, less a second', async () => {
      const { origin, connections } = await serve((socket) => socket.write(`${ok}Keep-Alive: timeout=30\r\nContent-Length: 0\r\n\r\n`));
      const client = open({ keepAliveTimeoutMs: 100 });
      await send(client, { origin }).over;
      await new Promise((resolve) => setTimeout(resolve, 200));
      await send(client, { origin }).over;
      expect(connections()).toBe(1);
    });

    it('and says that the connection was lost when it closes under a request', async () => {
      const { origin } = await serve((socket, request) => (request.startsWith('GET /first') ? socket.write(hello) : socket.destroy()));
      const client = open();
      await send(client, { origin, path: '/first' }).over;
      const told = await send(client, { origin, path: '/second' }).over;
      expect(told.order).toEqual(['start', 'error']);
      expect(told.error?.code).toMatch(/^(ECONNRESET|UND_ERR_SOCKET)$/);
    });
  });

  describe('aborts', () => {
    it.each(['start', 'head', 'data'])('at once and in silence when told of the %s', async (when) => {
      const { origin, sockets } = await serve((socket) => {
        socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`);
        socket.write('3\r\ndef\r\n0\r\n\r\n');
      });
      const client = open();
      const recorder = send(
        client,
        { origin },
        new Recorder((event, { controls }) => {
          if (event === when) controls?.abort();
        }),
      );
      await until(() => recorder.order.includes(when));
      await until(() => sockets.size === 0);
      const before = [...recorder.order];
      expect(before.at(-1)).toBe(when);
      expect((await send(client, { origin }).over).body.toString()).toBe('abcdef');
      expect(recorder.order).toEqual(before);
    });

    it('while it waits for the answer', async () => {
      let arrived = false;
      const { origin, sockets } = await serve(() => (arrived = true));
      const recorder = send(open(), { origin });
      await until(() => arrived);
      recorder.controls?.abort();
      await until(() => sockets.size === 0);
      expect(recorder.order).toEqual(['start']);
    });

    it('nothing that came after it on the same connection', async () => {
      const { origin, sockets } = await serve((socket, request) => {
        if (request.startsWith('GET /first')) socket.write(hello);
        else setTimeout(() => socket.write(hello), 100);
      });
      const client = open();
      const first = await send(client, { origin, path: '/first' }).over;
      await turn();
      const second = send(client, { origin, path: '/second' });
      first.controls?.abort();
      first.controls?.resume();
      expect((await second.over).body.toString()).toBe('hello');
      expect(sockets.size).toBe(1);
    });

    it('everything when it is closed, and takes no more', async () => {
      const { origin, sockets } = await serve(() => undefined);
      const client = open();
      const running = send(client, { origin });
      await until(() => sockets.size === 1);
      await client.close();
      expect((await running.over).order.at(-1)).toBe('error');
      await until(() => sockets.size === 0);
      expect((await send(client, { origin }).over).error?.code).toBe('UND_ERR_DESTROYED');
    });
  });

  describe('pauses', () => {
    it('until it is told to go on, without loss and in order', async () => {
      const whole = Buffer.from(Array.from({ length: 400_000 }, (_, index) => index % 251));
      const { origin } = await serve((socket) => {
        socket.write(`${ok}Content-Length: ${whole.length}\r\n\r\n`);
        socket.write(whole);
      });
      let paused = false;
      const told = await send(
        open(),
        { origin },
        new Recorder((event, { controls }) => {
          expect(paused).toBe(false);
          if (event !== 'data') return;
          paused = true;
          setTimeout(() => {
            paused = false;
            controls?.resume();
          }, 2);
          return false;
        }),
      ).over;
      expect(told.body.equals(whole)).toBe(true);
      expect(told.order.at(-1)).toBe('end');
    });

    it('also before an end that has come already', async () => {
      const { origin } = await serve((socket) => socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`));
      const client = open();
      for (let count = 0; count < 2; count += 1) {
        const recorder = send(client, { origin }, new Recorder((event) => event !== 'data'));
        await until(() => recorder.order.includes('data'));
        await turn();
        expect(recorder.order).toEqual(['start', 'head', 'data']);
        recorder.controls?.resume();
        expect((await recorder.over).order).toEqual(['start', 'head', 'data', 'end']);
      }
    });

    it('the server while nobody reads: what it can write stays small', async () => {
      let written = 0;
      const { origin } = await serve((socket) => {
        socket.write(`${ok}\r\n`);
        const chunk = Buffer.alloc(65_536);
        const fill = (): void => {
          do written += chunk.length;
          while (socket.write(chunk));
        };
        socket.on('drain', fill);
        fill();
      });
      const recorder = send(open(), { origin }, new Recorder((event) => event !== 'data'));
      await until(() => recorder.order.includes('data'));
      let last = -1;
      await until(() => last === (last = written) && written > 0);
      expect(written).toBeLessThan(32 * 1024 * 1024);
      expect(recorder.body.length).toBeLessThan(1024 * 1024);
      recorder.controls?.abort();
    });
  });

  describe('sends', () => {
    /** Answers with the request as it came, once it ends so. */
    async function echo(ending: string): Promise<RawUpstream> {
      return serve((socket, request) => {
        let text = request;
        const answer = (): void => {
          if (text.endsWith(ending)) socket.write(`${ok}Content-Length: ${text.length}\r\n\r\n${text}`, 'latin1');
        };
        socket.removeAllListeners('data');
        socket.on('data', (chunk: Buffer) => {
          text += chunk.toString('latin1');
          answer();
        });
        answer();
      });
    }

    it.each([
      ['short', 3],
      ['of 64 KB', 65_536],
    ])('a body %s in full', async (_size, size) => {
      const { origin } = await echo('!');
      const body = Buffer.concat([Buffer.alloc(size - 1, 'a'), Buffer.from('!')]);
      const told = await send(open(), { origin, method: 'POST', body }).over;
      expect(told.body.toString().split('\r\n\r\n')[1]).toBe(body.toString());
      expect(told.body.toString()).toMatch(new RegExp(`\\r\\ncontent-length: ${size}\\r\\n`, 'i'));
    });

    it('a stream of known length as it is', async () => {
      const { origin } = await echo('!');
      const body = Readable.from([Buffer.from('ab'), Buffer.from('cd!')]);
      const told = await send(open(), { origin, method: 'POST', headers: ['Host', 'h', 'Content-Length', '5'], body }).over;
      expect(told.body.toString().split('\r\n\r\n')[1]).toBe('abcd!');
    });

    it('a stream of unknown length in chunks', async () => {
      const { origin } = await echo('0\r\n\r\n');
      const body = Readable.from([Buffer.from('ab'), Buffer.alloc(10_000, 'c'), Buffer.from('d')]);
      const told = await send(open(), { origin, method: 'POST', body }).over;
      const sent = told.body.toString();
      expect(sent).toMatch(/transfer-encoding: chunked/i);
      expect(dechunked(sent.slice(sent.indexOf('\r\n\r\n') + 4))).toBe(`ab${'c'.repeat(10_000)}d`);
    });

    it.each([
      ['longer', ['abc', 'def']],
      ['shorter', ['abc']],
    ])('no stream that is %s than was said', async (_name, parts) => {
      const { origin, sockets } = await serve(() => undefined);
      const body = Readable.from(parts.map((part) => Buffer.from(part)));
      const told = await send(open(), { origin, method: 'POST', headers: ['Host', 'h', 'Content-Length', '4'], body }).over;
      expect(told.error?.code).toBe('UND_ERR_REQ_CONTENT_LENGTH_MISMATCH');
      await until(() => sockets.size === 0);
    });

    it('no more of a stream that fails, and says why', async () => {
      const { origin, sockets } = await serve(() => undefined);
      const body = new PassThrough();
      const recorder = send(open(), { origin, method: 'POST', body });
      body.write('abc');
      await until(() => sockets.size === 1);
      const mine = new Error('the caller left');
      body.destroy(mine);
      const told = await recorder.over;
      expect([told.error, told.error?.cause]).toContain(mine);
      await until(() => sockets.size === 0);
    });

    it('a stream no faster than the server takes it', async () => {
      const { origin } = await serve((socket) => socket.pause());
      let produced = 0;
      const body = new Readable({
        read() {
          produced += 65_536;
          this.push(Buffer.alloc(65_536));
        },
      });
      const recorder = send(open(), { origin, method: 'POST', body });
      let last = -1;
      await until(() => last === (last = produced) && produced > 0);
      expect(produced).toBeLessThan(32 * 1024 * 1024);
      recorder.controls?.abort();
      await until(() => body.destroyed);
    });

    it('no more of a stream once the answer is complete, and does not use the connection again', async () => {
      const { origin, sockets } = await serve((socket) => socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig'));
      const client = open();
      const body = new PassThrough();
      const recorder = send(client, { origin, method: 'POST', body });
      body.write('abc');
      expect(await recorder.over).toMatchObject({ status: 413, error: undefined });
      expect(recorder.body.toString()).toBe('big');
      await until(() => body.destroyed && sockets.size === 0);
    });
  });
});

/** A server that is stopped, with its queue full: the system lets further connections wait. */
async function unansweringOrigin(): Promise<string> {
  const listen = "net.createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port) })";
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  const fillers: Socket[] = [];
  closers.push(async () => {
    for (const socket of fillers) socket.destroy();
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  const port = Number(String((await once(child.stdout, 'data')) as unknown));
  child.kill('SIGSTOP');
  for (let filler = 0; filler < 8; filler += 1) fillers.push(connect(port, '127.0.0.1').on('error', () => undefined));
  await until(() => fillers.filter(({ connecting }) => !connecting).length >= 2);
  return `http://127.0.0.1:${port}`;
}

/** undici gives a connection back a moment after it has told the end. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function dechunked(text: string): string {
  let rest = text;
  let body = '';
  for (;;) {
    const end = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, end), 16);
    if (size === 0) return body;
    body += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + 4 + size);
  }
}
