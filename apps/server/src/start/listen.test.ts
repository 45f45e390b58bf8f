// What is said of a port that cannot be had.
import { createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { listen } from './listen.ts';
import { stopServing } from './stop-serving.ts';

const open: ReturnType<typeof createServer>[] = [];
const server = () => {
  const made = createServer((_request, response) => response.end('ok'));
  open.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => stopServing(made, 0)));
});

it('names the port that is taken and how to choose another', async () => {
  const port = await listen(server(), '127.0.0.1', 0);
  await expect(listen(server(), '127.0.0.1', port)).rejects.toMatchObject({
    code: 'ERR_LISTEN',
    message: `Port ${port} on 127.0.0.1 is taken by another program.`,
    hint: expect.stringContaining(`PORT=${port + 1}`),
  });
});

it('names an address that is not of this machine', async () => {
  await expect(listen(server(), '203.0.113.1', 0)).rejects.toMatchObject({
    code: 'ERR_LISTEN',
    message: '203.0.113.1 is no address of this machine.',
  });
});

it('stops at once when nothing runs, keep-alive connections or not', async () => {
  const made = server();
  const port = await listen(made, '127.0.0.1', 0);
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('ok');
  const startedAt = performance.now();
  await stopServing(made, 10_000);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

it('cuts what still runs at the end of the grace time', async () => {
  const made = createServer(() => {});
  const port = await listen(made, '127.0.0.1', 0);
  const asked = new Promise((resolve) => made.once('request', resolve));
  const call = fetch(`http://127.0.0.1:${port}`).catch((error: unknown) => error);
  await asked;
  await stopServing(made, 50);
  expect(await call).toBeInstanceOf(Error);
});
