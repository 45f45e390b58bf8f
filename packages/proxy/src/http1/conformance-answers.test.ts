// What the upstream port promises of answers, held by each of its adapters.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { adapters, closeLater, closeUpstreams, hello, ok, openUpstream, serve, turn } from '../../test/adapters.ts';
import { rawUpstream, Recorder, send } from '../../test/raw-upstream.ts';
import { until } from '../../test/rig.ts';
import type { Upstream, UpstreamLimits } from '../upstream.ts';

afterEach(closeUpstreams);

describe.each(adapters)('an answer through the upstream port on %s', (name, create) => {
  const open = (change: Partial<UpstreamLimits> = {}): Upstream => openUpstream(create, change);

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
        setTimeout(() => socket.write('b'), 1_200);
      });
      expect((await send(open({ firstByteTimeoutMs: 500 }), { origin }).over).body.toString()).toBe('ab');
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
});

/** A server that is stopped, with its queue full: the system lets further connections wait. */
async function unansweringOrigin(): Promise<string> {
  const listen = "net.createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port) })";
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  const fillers: Socket[] = [];
  closeLater(async () => {
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
