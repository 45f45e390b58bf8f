// What is believed of addresses while AWS does not answer.
import type { Endpoint, WorkloadStatus } from '@runlayer/provisioner';
import { expect, it } from 'vitest';
import { createLastServed } from './last-served.ts';

const endpoint = (instance: string): Endpoint => ({ instance, host: `10.0.0.${instance.length}`, port: 8000 });
const serving = (instances: readonly string[], draining: readonly string[] = []): WorkloadStatus => ({
  state: 'serving',
  releaseId: 'r',
  endpoints: instances.map(endpoint),
  draining: draining.map(endpoint),
  outputs: {},
  observedAt: '2026-01-01T00:00:00Z',
});

function bench() {
  const world = { time: 0, silent: new Set<string>() };
  const served = createLastServed(
    async ({ instance }) => (world.silent.has(instance) ? 'silent' : 'there'),
    () => world.time,
  );
  const recalled = async (): Promise<string[] | undefined> => (await served.recall('a'))?.endpoints.map(({ instance }) => instance);
  return { world, served, recalled };
}

it('what served is called on, without the task that takes no connections any more [AWS-4, PLAT-4]', async () => {
  const { world, served, recalled } = bench();
  served.note('a', serving(['one', 'three'], ['fifth']));
  world.silent = new Set(['one']);
  expect(await recalled()).toEqual(['three']);
  // Whoever has its address now is somebody else.
  world.silent = new Set();
  expect(await recalled()).toEqual(['three']);
  world.silent = new Set(['three']);
  expect(await recalled()).toBeUndefined();
});

it('tells of which deployments it lost an address', async () => {
  const { world, served } = bench();
  served.note('a', serving(['one', 'three']));
  served.note('b', serving(['fifth']));
  await served.vouch();
  expect(served.lost()).toEqual([]);
  world.silent = new Set(['three']);
  await served.vouch();
  expect(served.lost()).toEqual(['a']);
  world.silent = new Set(['fifth']);
  await served.recall('b');
  expect([served.lost(), served.lost()]).toEqual([['b'], []]);
});

it('an address for which nobody vouched for ten seconds is not called', async () => {
  const { world, served, recalled } = bench();
  served.note('a', serving(['one']));
  for (let round = 0; round < 10; round += 1) {
    world.time += 9000;
    await served.vouch();
  }
  expect(await recalled()).toEqual(['one']);
  world.time += 9000;
  served.heard();
  world.time += 9000;
  expect(await recalled()).toEqual(['one']);
  world.time += 11_000;
  expect(await recalled()).toBeUndefined();
  expect(await recalled()).toBeUndefined();
});

it('forgets what ended, what is taken down, and what serves no more', async () => {
  for (const end of [
    (served: ReturnType<typeof createLastServed>) => served.strike('a', 'one'),
    (served: ReturnType<typeof createLastServed>) => served.forget('a'),
    (served: ReturnType<typeof createLastServed>) => served.note('a', { ...serving([]), state: 'failing' }),
  ]) {
    const { served, recalled } = bench();
    served.note('a', serving(['one']));
    end(served);
    expect(await recalled()).toBeUndefined();
  }
  const { served, recalled } = bench();
  served.note('a', serving(['one']));
  served.note('a', { ...serving([]), state: 'unknown' });
  expect(await recalled()).toEqual(['one']);
});

it('a release that moves callers is believed without a look [AWS-4]', async () => {
  const { world, served, recalled } = bench();
  served.note('a', serving(['one']));
  served.switched('a', { releaseId: 's', endpoints: [endpoint('three')], keepsFormer: true, at: '' });
  expect(await served.recall('a')).toMatchObject({ releaseId: 's', endpoints: [{ instance: 'three' }], draining: [{ instance: 'one' }] });
  served.switched('a', { releaseId: 's', endpoints: [endpoint('fifth')], keepsFormer: false, at: '' });
  expect(await served.recall('a')).toMatchObject({ endpoints: [{ instance: 'fifth' }], draining: [] });
  world.silent = new Set(['fifth']);
  expect(await recalled()).toBeUndefined();
});
