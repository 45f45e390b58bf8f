// Cases of applies that are cut short, or that meet each other.
import assert from 'node:assert/strict';
import type { ApplyEvent } from '../provisioner.ts';
import { apply, ask, destroy, next, serve, withDeployment } from './driving.ts';
import type { CaseBody } from './harness.ts';

export const interruptionCases: Readonly<Record<string, CaseBody>> = {
  'an apply aborted anywhere is finished by the next one, on a new provisioner, with one instance': withDeployment(
    async (harness, provisioner, spec) => {
      await serve(provisioner, spec);
      const count = (await harness.listResources(spec.deploymentId)).length;
      for (let round = 0; round < (harness.interruptions ?? 8); round += 1) {
        const wanted = next(spec, { env: { ROUND: String(round) } });
        const stop = new AbortController();
        const seen: ApplyEvent[] = [];
        for await (const event of provisioner.apply(wanted, { signal: stop.signal })) {
          seen.push(event);
          if (seen.length > round) stop.abort();
        }
        const end = seen.at(-1);
        assert.ok(end?.type === 'serving' || (end?.type === 'failed' && end.failure.code === 'cancelled'), JSON.stringify(end));
        await ask(await serve(await harness.createProvisioner(), wanted), '/');
        assert.equal((await harness.listResources(spec.deploymentId)).length, count, `round ${round} leaves one instance`);
      }
    },
  ),

  'an apply aborted before it began changes nothing': withDeployment(async (harness, provisioner, spec) => {
    const last = (await apply(provisioner, spec, AbortSignal.abort())).at(-1);
    assert.ok(last?.type === 'failed' && last.failure.code === 'cancelled');
    assert.deepEqual(await harness.listResources(spec.deploymentId), []);
  }),

  'a reader that leaves early aborts the apply, and destroy clears what it left': withDeployment(async (harness, provisioner, spec) => {
    for await (const _event of provisioner.apply(spec)) break;
    assert.deepEqual(await destroy(provisioner, spec.deploymentId), []);
    assert.deepEqual(await harness.listResources(spec.deploymentId), []);
  }),

  'two applies at once end with one instance, and both serve': withDeployment(async (harness, provisioner, spec) => {
    await serve(provisioner, spec);
    const count = (await harness.listResources(spec.deploymentId)).length;
    const wanted = next(spec, { env: { TWICE: 'yes' } });
    const [one, two] = await Promise.all([serve(provisioner, wanted), serve(provisioner, wanted)]);
    assert.equal(one.instance, two.instance);
    assert.equal((await harness.listResources(spec.deploymentId)).length, count);
  }),

  'two different applies at once leave the later one serving': withDeployment(async (harness, provisioner, spec) => {
    const later = next(spec, { env: { WHICH: 'later' } });
    await Promise.all([apply(provisioner, spec), apply(provisioner, later)]);
    const status = await provisioner.status(spec.deploymentId);
    assert.equal(status.releaseId, later.releaseId);
    assert.equal((await provisioner.plan(later)).action, 'none');
    assert.ok((await harness.listResources(spec.deploymentId)).length > 0);
  }),

  'destroy ends an apply that runs, even one that nobody reads': withDeployment(async (harness, provisioner, spec) => {
    const reader = provisioner.apply(spec)[Symbol.asyncIterator]();
    const seen: (ApplyEvent | undefined)[] = [(await reader.next()).value];
    assert.deepEqual(await destroy(provisioner, spec.deploymentId), []);
    assert.deepEqual(await harness.listResources(spec.deploymentId), []);
    for (let result = await reader.next(); !result.done; result = await reader.next()) seen.push(result.value);
    assert.ok(['serving', 'failed'].includes(seen.at(-1)?.type ?? ''), JSON.stringify(seen.at(-1)));
    assert.deepEqual(await harness.listResources(spec.deploymentId), []);
  }),
};
