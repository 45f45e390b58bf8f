// What the upstream port promises of request bodies, held by each of its adapters.
import { PassThrough, Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { adapters, closeUpstreams, ok, openUpstream, serve } from '../../test/adapters.ts';
import { send } from '../../test/raw-upstream.ts';
import type { RawUpstream } from '../../test/raw-upstream.ts';
import { until } from '../../test/rig.ts';
import type { Upstream, UpstreamLimits } from '../upstream.ts';

afterEach(closeUpstreams);

describe.each(adapters)('a request body through the upstream port on %s', (_name, create) => {
  const open = (change: Partial<UpstreamLimits> = {}): Upstream => openUpstream(create, change);

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
