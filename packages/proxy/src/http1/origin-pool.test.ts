// The connections of one origin: the youngest goes out first, the rest grow old, and an origin without any is forgotten.
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { rawUpstream, Recorder } from '../../test/raw-upstream.ts';
import { until } from '../../test/rig.ts';
import type { UpstreamRequest } from '../upstream.ts';
import type { Connection } from './connection.ts';
import { Deadlines } from './deadlines.ts';
import { OriginPool } from './origin-pool.ts';
import { requestText } from './request-text.ts';

const request: UpstreamRequest = {
  origin: '',
  guarded: false,
  longLived: false,
  method: 'GET',
  path: '/',
  headers: ['Host', 'h'],
  body: null,
};

const writes = { write: (socket: Socket, text: string) => void socket.write(text, 'latin1') };

describe('a pool', () => {
  it('takes the connection used last, lets the others go, and says when it is empty', async () => {
    const asked: Socket[] = [];
    let held: Socket[] = [];
    const upstream = await rawUpstream((socket) => {
      asked.push(socket);
      held.push(socket);
    });
    const answer = (): void => {
      for (const socket of held.splice(0)) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    };
    let emptied = 0;
    const deadlines = new Deadlines<Connection>(1_000);
    const times = { connectMs: 5_000, firstByteMs: 20_000, idleMs: 60_000 };
    const pool = new OriginPool({ host: '127.0.0.1', port: upstream.port }, times, deadlines, writes, () => (emptied += 1));
    const send = (): Recorder => {
      const recorder = new Recorder();
      pool.send(request, requestText(request, 'h'), recorder);
      return recorder;
    };

    expect(pool.empty).toBe(true);
    const first = [send(), send(), send()];
    await until(() => held.length === 3);
    answer();
    await Promise.all(first.map(({ over }) => over));
    held = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const recorder = send();
      await until(() => held.length === 1);
      answer();
      await recorder.over;
    }
    expect(new Set(asked.slice(3)).size).toBe(1);
    expect([pool.empty, emptied]).toEqual([false, 0]);
    for (const connection of deadlines.watched) connection.deadline = 0;
    deadlines.look();
    await until(() => pool.empty);
    expect([emptied, deadlines.watched.size]).toEqual([1, 0]);
    await until(() => upstream.sockets.size === 0);
    await upstream.close();
  });

  it('never gives out a connection that has lain idle too long, even before it was looked at', async () => {
    const upstream = await rawUpstream((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
    const deadlines = new Deadlines<Connection>(1_000_000);
    const times = { connectMs: 5_000, firstByteMs: 20_000, idleMs: 1 };
    const pool = new OriginPool({ host: '127.0.0.1', port: upstream.port }, times, deadlines, writes, () => undefined);
    for (let turn = 0; turn < 3; turn += 1) {
      const recorder = new Recorder();
      pool.send(request, requestText(request, 'h'), recorder);
      await recorder.over;
      const idleSince = performance.now();
      await until(() => performance.now() > idleSince + 2);
    }
    expect(upstream.connections()).toBe(3);
    for (const connection of deadlines.watched) await connection.close();
    deadlines.stop();
    await upstream.close();
  });
});
