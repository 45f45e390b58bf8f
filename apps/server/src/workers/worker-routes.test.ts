import type { ProxyRoute } from '@runlayer/proxy';
import { expect, it } from 'vitest';
import type { Ask } from './ask-primary.ts';
import { createWorkerRoutes } from './worker-routes.ts';

const route = (change: Partial<ProxyRoute> = {}): ProxyRoute => ({
  id: 'd',
  organizationId: 'o',
  serverId: 's',
  endpoints: [{ host: '10.0.0.1', port: 8000 }],
  mcpPath: '/mcp',
  expose: [],
  forward: { headers: false, token: false },
  ...change,
});

/** Routes over a primary process that answers `state.answer`, as an object of its own each time, as a pipe does. */
function bench() {
  const state = { answer: route() as ProxyRoute | undefined, asked: 0, hold: undefined as Promise<void> | undefined };
  const ask = (async () => {
    state.asked += 1;
    const now = state.answer;
    await state.hold;
    return structuredClone(now);
  }) as unknown as Ask;
  return { state, routes: createWorkerRoutes(ask) };
}

it('asks once and then answers at once', async () => {
  const { state, routes } = bench();
  const [first, second] = await Promise.all([routes.deployment('d'), routes.deployment('d')]);
  expect(first).toBe(second);
  expect(routes.deployment('d')).toBe(first);
  expect(state.asked).toBe(1);
});

it('asks again after a change, and keeps the object of a route that did not change', async () => {
  const { state, routes } = bench();
  const first = await routes.deployment('d');
  routes.forget();
  expect(await routes.deployment('d')).toBe(first);
  state.answer = route({ forward: { headers: true, token: false } });
  routes.forget();
  expect(await routes.deployment('d')).toEqual(state.answer);
  expect(state.asked).toBe(3);
});

it('does not keep an answer that was on its way when something changed', async () => {
  const { state, routes } = bench();
  let release = (): void => {};
  state.hold = new Promise((resolve) => (release = resolve));
  const early = routes.deployment('d');
  state.answer = route({ mcpPath: '/new' });
  routes.forget();
  release();
  expect(await early).toMatchObject({ mcpPath: '/mcp' });
  expect(await routes.deployment('d')).toMatchObject({ mcpPath: '/new' });
});

it('does not keep a route that is not there, and one that does not serve only for a moment', async () => {
  const { state, routes } = bench();
  state.answer = undefined;
  expect(await routes.connector('d')).toBeUndefined();
  state.answer = route({ unavailable: { reason: 'starting' } });
  expect(await routes.connector('d')).toMatchObject({ unavailable: { reason: 'starting' } });
  expect(state.asked).toBe(2);
});
