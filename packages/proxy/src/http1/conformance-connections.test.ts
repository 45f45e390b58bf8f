// What the upstream port promises of connections, held by each of its adapters.
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { adapters, closeUpstreams, hello, ok, openUpstream, serve, turn } from '../../test/adapters.ts';
import { Recorder, send } from '../../test/raw-upstream.ts';
import { until } from '../../test/rig.ts';
import type { Upstream, UpstreamLimits } from '../upstream.ts';

afterEach(closeUpstreams);

describe.each(adapters)('a connection of the upstream port on %s', (_name, create) => {
  const open = (change: Partial<UpstreamLimits> = {}): Upstream => openUpstream(create, change);

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
});
