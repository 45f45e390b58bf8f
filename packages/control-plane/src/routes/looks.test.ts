import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSignals } from '../signals.ts';
import { createLooks } from './looks.ts';
import type { Route } from './route.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const silent = { info() {}, warn() {}, error() {} };
const id = 'a';

function bench(state: () => Route['state'] | Error) {
  const signals = createSignals(() => {});
  const deploymentRoute = vi.fn(async (): Promise<Route> => {
    const found = state();
    if (found instanceof Error) throw found;
    return { state: found } as Route;
  });
  const looks = createLooks({ signals, logger: silent }, { deploymentRoute });
  looks.open();
  return { looks, signals, deploymentRoute };
}

it('looks once after a burst, and no more once it serves', async () => {
  const { looks, deploymentRoute } = bench(() => 'serving');
  for (let count = 0; count < 100; count += 1) looks.soon(id);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(deploymentRoute).toHaveBeenCalledTimes(1);
});

it('looks again until it serves, also where the answer comes from memory', async () => {
  let looked = 0;
  const { looks, deploymentRoute } = bench(() => ((looked += 1) < 4 ? 'starting' : 'serving'));
  looks.soon(id);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(deploymentRoute).toHaveBeenCalledTimes(4);
});

it.each<[string, Route['state'] | Error]>([
  ['never serves', 'failed'],
  ['cannot be looked at', new Error('no database')],
])('gives up on one that %s, until it is told of it again', async (_name, state) => {
  const { looks, deploymentRoute } = bench(() => state);
  looks.soon(id);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(deploymentRoute).toHaveBeenCalledTimes(9);
  looks.soon(id);
  await vi.advanceTimersByTimeAsync(200);
  expect(deploymentRoute).toHaveBeenCalledTimes(10);
});

it('follows up what a call found not to serve', async () => {
  const { signals, deploymentRoute } = bench(() => 'serving');
  signals.send('unsettled', { deploymentId: id });
  await vi.advanceTimersByTimeAsync(2000);
  expect(deploymentRoute).toHaveBeenCalledTimes(1);
});

it('looks at four at once, and at nothing once it is closed', async () => {
  let most = 0;
  let running = 0;
  const deploymentRoute = vi.fn(async (): Promise<undefined> => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setTimeout(resolve, 10));
    running -= 1;
  });
  const looks = createLooks({ signals: createSignals(() => {}), logger: silent }, { deploymentRoute });
  looks.soon('before it is open');
  looks.open();
  for (let count = 0; count < 20; count += 1) looks.soon(String(count));
  await vi.advanceTimersByTimeAsync(1000);
  expect([most, deploymentRoute.mock.calls.length]).toEqual([4, 20]);
  looks.soon(id);
  looks.close();
  await vi.advanceTimersByTimeAsync(1000);
  expect(deploymentRoute).toHaveBeenCalledTimes(20);
});
