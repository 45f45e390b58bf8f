// Which requests go where, before the platform is ready and while it stops.
import type { IncomingMessage } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { createFrontDoor, type FrontDoor } from './front-door.ts';
import { listen } from './listen.ts';
import { stopServing } from './stop-serving.ts';

const open: FrontDoor[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ server }) => stopServing(server, 0)));
});

async function openedDoor(): Promise<{ door: FrontDoor; url: string }> {
  const door = createFrontDoor();
  open.push(door);
  return { door, url: `http://127.0.0.1:${await listen(door.server, '127.0.0.1', 0)}` };
}

it('answers 503 until it is opened', async () => {
  const { url } = await openedDoor();
  const answer = await fetch(`${url}/api/v1/deployments/`);
  expect(answer).toMatchObject({ status: 503 });
  expect(answer.headers.get('retry-after')).toBe('2');
  expect(await answer.json()).toMatchObject({ code: 'ERR_STARTING', detail: 'The server is starting.' });
});

it('gives the proxy its requests raw, and the API the rest', async () => {
  const { door, url } = await openedDoor();
  const raw: IncomingMessage[] = [];
  const proxy = {
    matches: (path: string | undefined) => path?.startsWith('/api/v1/proxy/') ?? false,
    handle: (request: IncomingMessage, response: { end(text: string): unknown }) => {
      raw.push(request);
      response.end('proxy');
    },
  };
  door.open({ proxy, api: { fetch: async (request) => new Response(`api ${new URL(request.url).pathname}`) } });
  expect(await (await fetch(`${url}/api/v1/proxy/hosted/x/mcp`)).text()).toBe('proxy');
  expect(await (await fetch(`${url}/health`)).text()).toBe('api /health');
  expect(raw.map((request) => request.url)).toEqual(['/api/v1/proxy/hosted/x/mcp']);
});

it('lets a running answer end while it takes no new connection', async () => {
  const { door, url } = await openedDoor();
  let finish = (): void => {};
  const asked = new Promise<void>((resolve) => {
    const api = {
      fetch: () =>
        new Promise<Response>((answer) => {
          finish = () => answer(new Response('done'));
          resolve();
        }),
    };
    door.open({ proxy: { matches: () => false, handle: () => {} }, api });
  });
  const call = fetch(url);
  await asked;
  const stopped = stopServing(door.server, 10_000);
  await expect(fetch(url)).rejects.toThrow();
  finish();
  expect(await (await call).text()).toBe('done');
  await stopped;
});
