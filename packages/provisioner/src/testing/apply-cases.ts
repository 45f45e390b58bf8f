// Cases of plan and apply when all goes well.
import assert from 'node:assert/strict';
import { ask, apply, environmentOf, next, serve, until, withDeployment } from './driving.ts';
import type { CaseBody } from './harness.ts';

export const applyCases: Readonly<Record<string, CaseBody>> = {
  'plan only reads': withDeployment(async (harness, provisioner, spec) => {
    const plan = await provisioner.plan(spec);
    assert.equal(plan.action, 'create');
    assert.equal(plan.blocker, undefined);
    assert.deepEqual(await harness.listResources(spec.deploymentId), []);
    const { instance } = await serve(provisioner, spec);
    assert.equal((await provisioner.plan(next(spec, { port: spec.port + 1 }))).action, 'replace');
    assert.equal((await provisioner.status(spec.deploymentId)).endpoints[0]?.instance, instance);
  }),

  'apply makes an instance that answers with its variables': withDeployment(async (harness, provisioner, base) => {
    const spec = { ...base, env: { ...base.env, PLAIN: 'a b' }, secrets: { TRICKY: '"$x" \'y\' =é\n#z' } };
    const environment = await environmentOf(await serve(provisioner, spec));
    assert.equal(environment['PLAIN'], 'a b');
    assert.equal(environment['TRICKY'], spec.secrets.TRICKY);
    assert.equal((await harness.listResources(spec.deploymentId)).length > 0, true);
  }),

  'the platform wins where a secret has the name of one of its variables': withDeployment(async (_harness, provisioner, base) => {
    const spec = { ...base, env: { NAME: 'platform' }, secrets: { NAME: 'user' } };
    const environment = await environmentOf(await serve(provisioner, spec));
    assert.equal(environment['NAME'], 'platform');
    assert.equal((await provisioner.plan(spec)).action, 'none');
  }),

  'an unchanged spec needs no work and keeps its instance': withDeployment(async (_harness, provisioner, base) => {
    const spec = { ...base, secrets: { TOKEN: 'unchanged-secret' } };
    const { instance } = await serve(provisioner, spec);
    const again = next(spec, { name: 'another name' });
    assert.deepEqual(await provisioner.plan(again), { deploymentId: spec.deploymentId, action: 'none', changes: [] });
    assert.equal((await serve(provisioner, again)).instance, instance);
    assert.equal((await provisioner.status(spec.deploymentId)).releaseId, spec.releaseId);
  }),

  'a changed variable replaces the instance, and the plan names it': withDeployment(async (harness, provisioner, base) => {
    const before = { ...base, env: { MODE: 'one' }, secrets: { TOKEN: 'secret-number-one' } };
    const former = await serve(provisioner, before);
    const after = next(before, { env: { MODE: 'two' }, secrets: { TOKEN: 'secret-number-two' } });
    const plan = await provisioner.plan(after);
    assert.equal(plan.action, 'replace');
    assert.deepEqual(plan.changes, [
      { field: 'env.MODE', before: 'one', after: 'two' },
      { field: 'secrets.TOKEN', before: '***', after: '***' },
    ]);
    const count = (await harness.listResources(base.deploymentId)).length;
    const successor = await serve(provisioner, after);
    assert.notEqual(successor.instance, former.instance);
    assert.equal((await environmentOf(successor))['TOKEN'], 'secret-number-two');
    assert.equal((await harness.listResources(base.deploymentId)).length, count, 'nothing of the former instance is left');
    assert.equal((await provisioner.status(base.deploymentId)).releaseId, after.releaseId);
  }),

  'the former instance answers until its successor is healthy': withDeployment(async (_harness, provisioner, spec) => {
    let endpoint = await serve(provisioner, spec);
    const finished = new AbortController();
    let calls = 0;
    const caller = (async () => {
      while (!finished.signal.aborted) {
        await ask(endpoint, '/');
        calls += 1;
      }
    })();
    // A failed call is reported by the wait below; until then it must not count as unhandled.
    caller.catch(() => {});
    let last: string | undefined;
    for await (const event of provisioner.apply(next(spec, { env: { ROUND: '2' } }))) {
      if (event.type === 'step' && event.endpoints !== undefined) {
        const [fresh] = event.endpoints;
        assert.ok(fresh !== undefined, 'the step that switches over names the new endpoint');
        endpoint = fresh;
        // The call under way still goes to the former instance: wait until one that began after the switch is done.
        const reached = calls + 2;
        await Promise.race([caller, until(() => calls >= reached, 'calls go on')]);
      }
      last = event.type;
    }
    finished.abort();
    await caller;
    assert.equal(last, 'serving');
    assert.ok(calls > 0);
  }),

  'the former instance serves on, and is named as draining, until the reader goes on': withDeployment(
    async (_harness, provisioner, spec) => {
      let former = await serve(provisioner, { ...spec, env: { ROUND: '1' } });
      let round = '1';
      for await (const event of provisioner.apply(next(spec, { env: { ROUND: '2' } }))) {
        if (event.type !== 'step' || event.endpoints === undefined) continue;
        const { endpoints, draining = [] } = await provisioner.status(spec.deploymentId);
        assert.deepEqual(endpoints, event.endpoints);
        const { instance } = former;
        assert.deepEqual(
          draining.filter((one) => one.instance === instance),
          [former],
        );
        assert.equal((await environmentOf(former))['ROUND'], round);
        [former, round] = [event.endpoints[0]!, '2'];
      }
      assert.equal((await provisioner.status(spec.deploymentId)).draining, undefined);
    },
  ),

  'a crashed instance is seen as failing, and apply brings it back': withDeployment(async (harness, provisioner, spec) => {
    await serve(provisioner, spec);
    await harness.crash(spec.deploymentId);
    const status = await provisioner.status(spec.deploymentId);
    assert.equal(status.state, 'failing');
    assert.notEqual(status.failure, undefined);
    const { action } = await provisioner.plan(spec);
    // A target that brings it back by itself may have begun to.
    if (action === 'none') assert.notEqual((await provisioner.status(spec.deploymentId)).state, 'failing');
    else assert.equal(action, 'replace');
    await ask(await serve(provisioner, spec), '/');
  }),

  'a part that the target does not have is refused and nothing is made': withDeployment(async (harness, provisioner, base) => {
    const asked = { ...base, database: !provisioner.features.database, assumeRoles: {} };
    if (provisioner.features.database) return;
    assert.equal((await provisioner.plan(asked)).blocker?.code, 'unsupported');
    const last = (await apply(provisioner, asked)).at(-1);
    assert.equal(last?.type === 'failed' && last.failure.code, 'unsupported');
    assert.deepEqual(await harness.listResources(base.deploymentId), []);
  }),

  'verbs on one deployment leave another alone': withDeployment(async (harness, provisioner, spec) => {
    const other = harness.specs.serving();
    try {
      const { instance } = await serve(provisioner, other);
      await serve(provisioner, spec);
      await serve(provisioner, next(spec, { env: { CHANGED: 'yes' } }));
      for await (const _event of provisioner.destroy(spec.deploymentId));
      const status = await provisioner.status(other.deploymentId);
      assert.equal(status.state, 'serving');
      assert.equal(status.endpoints[0]?.instance, instance);
    } finally {
      for await (const _event of provisioner.destroy(other.deploymentId));
    }
    assert.deepEqual(await harness.listResources(other.deploymentId), []);
  }),
};
