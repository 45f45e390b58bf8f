// Cases of watching what comes, goes and moves.
import assert from 'node:assert/strict';
import type { Provisioner, WatchEvent } from '../provisioner.ts';
import { destroy, next, serve, until, withDeployment } from './driving.ts';
import type { CaseBody, ConformanceHarness } from './harness.ts';

export const watchCases: Readonly<Record<string, CaseBody>> = {
  'watch tells that an instance crashed, and names no other deployment': withDeployment(async (harness, provisioner, spec) => {
    await withBystander(harness, provisioner, async (bystander) => {
      await serve(provisioner, spec);
      await watching(await harness.createProvisioner(), async (seen) => {
        await harness.crash(spec.deploymentId);
        await until(() => names(seen, spec.deploymentId), 'the crash is told');
        assert.ok(!names(seen, bystander), 'a deployment to which nothing happened is not named');
      });
    });
  }),

  'watch tells of a deployment that comes, of its successor, and of its end': withDeployment(async (harness, provisioner, spec) => {
    await watching(await harness.createProvisioner(), async (seen) => {
      await serve(provisioner, spec);
      await until(() => names(seen, spec.deploymentId), 'the start is told');
      seen.length = 0;
      await serve(provisioner, next(spec, { env: { ROUND: '2' } }));
      await until(() => names(seen, spec.deploymentId), 'the change of instances is told');
      seen.length = 0;
      await destroy(provisioner, spec.deploymentId);
      await until(() => names(seen, spec.deploymentId), 'the end is told');
    });
  }),

  'watch says first that anything may have changed, and ends with the signal': async (harness) => {
    const provisioner = await harness.createProvisioner();
    const stop = new AbortController();
    const reader = provisioner.watch({ signal: stop.signal })[Symbol.asyncIterator]();
    assert.deepEqual(await reader.next(), { done: false, value: { type: 'unknown' } });
    stop.abort();
    for (let result = await reader.next(); !result.done; result = await reader.next());
    for await (const event of provisioner.watch({ signal: AbortSignal.abort() })) assert.fail(`told after the end: ${event.type}`);
  },
};

function names(seen: readonly WatchEvent[], deploymentId: string): boolean {
  return seen.some((event) => event.type === 'moved' && event.deploymentId === deploymentId);
}

/** Collects events while `body` runs, from the moment on at which the watch has begun. */
async function watching(provisioner: Provisioner, body: (seen: WatchEvent[]) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const seen: WatchEvent[] = [];
  const reading = (async () => {
    for await (const event of provisioner.watch({ signal: stop.signal })) seen.push(event);
  })();
  try {
    await Promise.race([reading, until(() => seen.length > 0, 'the watch begins')]);
    await body(seen);
  } finally {
    stop.abort();
    await reading;
  }
}

/** Another deployment that serves meanwhile. */
async function withBystander(
  harness: ConformanceHarness,
  provisioner: Provisioner,
  body: (deploymentId: string) => Promise<void>,
): Promise<void> {
  const spec = harness.specs.serving();
  try {
    await serve(provisioner, spec);
    await body(spec.deploymentId);
  } finally {
    await destroy(provisioner, spec.deploymentId);
  }
}
