// Cases of a start that fails: named with its cause, and without harm to what serves.
import assert from 'node:assert/strict';
import type { FailureCode } from '../failure.ts';
import { apply, ask, next, serve, withDeployment } from './driving.ts';
import type { CaseBody, ConformanceHarness } from './harness.ts';
import type { WorkloadSpec } from '../workload.ts';

/** One case for each failure the harness can bring about. */
export function failureCases(harness: ConformanceHarness): Record<string, CaseBody> {
  const entries = Object.entries(harness.specs.failing) as [FailureCode, () => WorkloadSpec][];
  return Object.fromEntries(
    entries.map(([code, make]) => [`a start that fails with ${code} says so, leaves nothing, and harms nothing`, failing(code, make)]),
  );
}

function failing(code: FailureCode, make: () => WorkloadSpec): CaseBody {
  return withDeployment(async (harness, provisioner, good) => {
    const bad = { ...make(), deploymentId: good.deploymentId };
    const first = (await apply(provisioner, bad)).at(-1);
    assert.ok(first?.type === 'failed', `fails: ${JSON.stringify(first)}`);
    assert.equal(first.failure.code, code, JSON.stringify(first.failure));
    assert.match(first.failure.message, /\S.*\.$/s, 'the message is a sentence');
    assert.match(first.failure.fix, /\S.*\.$/s, 'the fix is a sentence');
    assert.equal(first.stillServing, undefined);
    assert.deepEqual(await harness.listResources(good.deploymentId), []);
    assert.equal((await provisioner.status(good.deploymentId)).state, 'absent');

    const endpoint = await serve(provisioner, good);
    const count = (await harness.listResources(good.deploymentId)).length;
    const second = (await apply(provisioner, next(bad))).at(-1);
    assert.ok(second?.type === 'failed');
    assert.equal(second.failure.code, code);
    assert.equal(second.stillServing, good.releaseId);
    await ask(endpoint, '/');
    const status = await provisioner.status(good.deploymentId);
    assert.equal(status.state, 'serving');
    assert.equal(status.releaseId, good.releaseId);
    assert.equal((await harness.listResources(good.deploymentId)).length, count, 'the failed instance is gone');

    assert.equal((await serve(provisioner, next(good))).instance, endpoint.instance, 'the good spec still needs no work');
  });
}
