import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createIntake } from './intake.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0)) step();
});

/** A server that keeps each request until it is let go; answers 200 or what it was refused with. */
async function holding(): Promise<{ send: (bytes: number) => Promise<string>; held: () => number; release: () => void }> {
  const intake = createIntake();
  let held = 0;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = createServer((incoming: IncomingMessage, response) => {
    const work = async (): Promise<string> => {
      held += 1;
      await released;
      return 'taken';
    };
    void intake.take(incoming, work).then(
      (text) => response.end(text),
      (error: Error) => response.setHeader('connection', 'close').end(error.name),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const send = (bytes: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method: 'POST', agent: false }, (response) => {
        response.setEncoding('utf8').once('data', resolve);
      });
      sent.once('error', reject);
      sent.end(Buffer.alloc(bytes));
    });
  return { send, held: () => held, release };
}

it('holds 256 requests of one address, and refuses more in a way that clients repeat', async () => {
  const { send, held, release } = await holding();
  const first = Array.from({ length: 256 }, () => send(10));
  await expect.poll(held, { timeout: 20_000 }).toBe(256);
  expect(await send(10)).toBe('ThrottlingException');
  release();
  expect(new Set(await Promise.all(first))).toEqual(new Set(['taken']));
  expect(await send(10)).toBe('taken');
});

it('holds 48 MiB of one address', async () => {
  const { send, held, release } = await holding();
  const first = Array.from({ length: 3 }, () => send(15 * 1024 ** 2));
  await expect.poll(held, { timeout: 20_000 }).toBe(3);
  expect(await send(4 * 1024 ** 2).catch(() => 'ThrottlingException')).toBe('ThrottlingException');
  release();
  expect(await Promise.all(first)).toEqual(['taken', 'taken', 'taken']);
});
