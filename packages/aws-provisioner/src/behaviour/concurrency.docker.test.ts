// Several processes at one deployment, and several deployments in one process: whole or nothing, and never a mix.
import { randomUUID } from 'node:crypto';
import { describeWith } from '@runlayer/test-services';
import type { ApplyEvent, Provisioner, WorkloadSpec } from '@runlayer/provisioner';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyAll, destroy, environmentOf, next, serve } from '../../fixtures/drive.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { intercept, type Interception } from '../../fixtures/interception.ts';
import { shortPages } from '../../fixtures/short-pages.ts';
import { leftovers, nothing, roleIdsOf, type Snapshot, snapshotOf } from '../../fixtures/snapshot.ts';
import { ownImage } from '../../fixtures/own-image.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { openStage, type Stage } from '../../fixtures/stage.ts';
import { createAwsProvisioner } from '../aws-provisioner.ts';

describeWith(await emulatorMissing(), 'deployments at the same time [AWS-4]', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ repository: 'runlayer/default' });
  });
  afterAll(() => stage.close());

  /** As another process would have it: with nothing in common. */
  const fresh = (calls?: Interception): Provisioner =>
    createAwsProvisioner({
      ...stage.options,
      pollMs: 100,
      settleTimeoutMs: 15_000,
      ...(calls === undefined ? {} : { requestHandler: calls.requestHandler }),
    });
  const look = (spec: WorkloadSpec): Promise<Snapshot> => snapshotOf(stage.context, spec.deploymentId);
  const specWith = async (token: string): Promise<WorkloadSpec> => {
    const deploymentId = randomUUID();
    return testSpec(await ownImage(stage, deploymentId), { deploymentId, database: true, secrets: { TOKEN: token } });
  };

  /** That there is one of everything, and that it serves what the spec says. */
  async function expectWhole(spec: WorkloadSpec, story?: string): Promise<void> {
    const seen = await look(spec);
    const count = ({ roles, securityGroups, secrets, tables, logGroups, services, tasks, imageTags }: Snapshot): number[] =>
      [roles, securityGroups, secrets, tables, logGroups, services, tasks, imageTags].map(({ length }) => length);
    expect(count(seen), story).toEqual([2, 1, 1, 1, 1, 1, 1, 2]);
    const { state, endpoints } = await fresh().status(spec.deploymentId);
    expect(state).toBe('serving');
    expect((await environmentOf(endpoints[0]!))['TOKEN']).toBe(spec.secrets['TOKEN']);
    expect((await fresh().plan(spec)).changes).toEqual([]);
  }

  const isServing = (events: readonly ApplyEvent[]): boolean => events.at(-1)?.type === 'serving';

  it.concurrent('two processes that deploy the same spec at once both see it serve, and make everything once', async () => {
    const spec = await specWith('the-same');
    const both = await Promise.all([applyAll(fresh(), spec), applyAll(fresh(), spec)]);
    expect(both.map(isServing)).toEqual([true, true]);
    await expectWhole(spec);
    const changed = next(spec, { secrets: { TOKEN: 'changed-by-both' }, cpu: 512, memoryMiB: 1024 });
    const again = await Promise.all([applyAll(fresh(), changed), applyAll(fresh(), changed)]);
    expect(again.map(isServing)).toEqual([true, true]);
    await expectWhole(changed);
    expect(await destroy(fresh(), spec.deploymentId)).toEqual([]);
    expect(await look(spec)).toEqual(nothing);
  });

  it.concurrent.each([
    ['first deploys', false],
    ['changes', true],
  ])('two processes with different specs (%s): one of them wins whole, and the other is told', async (_name, isThere) => {
    const base = await specWith('the-base');
    if (isThere) await serve(fresh(), base);
    const ids = await roleIdsOf(stage.context, base.deploymentId);
    const specs = ['one', 'two'].map((token) => next(base, { secrets: { TOKEN: token } }));
    const results = await Promise.allSettled(specs.map((spec) => applyAll(fresh(), spec)));
    const served = specs.filter((_spec, at) => results[at]?.status === 'fulfilled' && isServing(results[at].value));
    expect(served.length, JSON.stringify(results)).toBeGreaterThan(0);
    const { endpoints } = await fresh().status(base.deploymentId);
    const token = (await environmentOf(endpoints[0]!))['TOKEN'];
    const winner = served.find(({ secrets }) => secrets['TOKEN'] === token);
    expect(winner, `serves ${token}`).toBeDefined();
    // What the other has left is taken away by whoever comes next, and the winner's is untouched.
    await serve(fresh(), next(base, { secrets: { TOKEN: 'the-last' } }));
    await expectWhole({ ...base, secrets: { TOKEN: 'the-last' } });
    expect(await roleIdsOf(stage.context, base.deploymentId)).toMatchObject(ids);
    expect(await destroy(fresh(), base.deploymentId)).toEqual([]);
    expect(await look(base)).toEqual(nothing);
  });

  /** Ends once so many mutating calls went through. */
  function after(calls: number): { calls: Interception; reached: Promise<void> } {
    let count = 0;
    let tell = (): void => {};
    const reached = new Promise<void>((resolve) => (tell = resolve));
    const seen = intercept(
      () => 'pass',
      ({ isMutating }) => {
        if (isMutating && (count += 1) === calls) tell();
      },
    );
    return { calls: seen, reached };
  }

  it.concurrent.each([
    { begin: 'apply', at: 2 },
    { begin: 'apply', at: 7 },
    { begin: 'apply', at: 11 },
    { begin: 'apply', at: 13 },
    { begin: 'destroy', at: 1 },
    { begin: 'destroy', at: 3 },
    { begin: 'destroy', at: 6 },
    { begin: 'destroy', at: 9 },
  ])(
    'a destroy and an apply by two processes ($begin first, up to its mutating call $at) end whole or with nothing',
    async ({ begin, at }) => {
      const spec = await specWith('the-only');
      if (begin === 'destroy') await serve(fresh(), spec);
      const { calls, reached } = after(at);
      const apply = async (provisioner: Provisioner): Promise<string> => {
        const last = (await applyAll(provisioner, spec)).at(-1);
        return last?.type === 'failed' ? last.failure.code : 'serving';
      };
      const first = begin === 'apply' ? apply(fresh(calls)) : destroy(fresh(calls), spec.deploymentId);
      // Neither of the two may take the test down before the other has ended.
      const settledFirst = Promise.allSettled([first]);
      await reached;
      const second = begin === 'apply' ? destroy(fresh(), spec.deploymentId) : apply(fresh());
      const [[one], [two]] = await Promise.all([settledFirst, Promise.allSettled([second])]);
      const seen = await look(spec);
      const story = JSON.stringify([one, two], (_key, value: unknown) => (value instanceof Error ? value.message : value));
      const applied = begin === 'apply' ? one : two;
      // An apply whose image the destroy has taken at the last moment, or that gave up, has failed: then nothing of it runs.
      const hasFailed = applied?.status === 'fulfilled' && applied.value !== 'serving';
      if (seen.services.length > 0) await expectWhole(spec, story);
      else if (hasFailed) expect(seen, story).toMatchObject({ tasks: [], secrets: [], definition: undefined, otherRevisions: 0 });
      else expect(seen, story).toEqual(nothing);
      expect(await destroy(fresh(), spec.deploymentId)).toEqual([]);
      expect(await look(spec)).toEqual(nothing);
    },
  );

  it('twenty deployments from one process serve each its own, though every list comes in pages of one or two', async () => {
    const pages = shortPages();
    const provisioner = fresh(pages);
    const specs = await Promise.all(Array.from({ length: 20 }, (_, at) => specWith(`token-${at}`)));
    const endpoints = await Promise.all(specs.map((spec) => serve(provisioner, spec)));
    expect(new Set(endpoints.map(({ host }) => host)).size).toBe(20);
    for (const [at, endpoint] of endpoints.entries()) {
      const environment = await environmentOf(endpoint);
      expect(environment['TOKEN']).toBe(`token-${at}`);
      expect(environment['RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN']).toContain(specs[at]!.deploymentId);
    }
    const snapshots = await Promise.all(specs.map(look));
    expect(snapshots.map(({ roles, secrets, tasks }) => [roles.length, secrets.length, tasks.length])).toEqual(specs.map(() => [2, 1, 1]));
    expect(new Set(snapshots.map(({ secrets }) => JSON.stringify(secrets))).size).toBe(20);
    const left = await Promise.all(specs.map(({ deploymentId }) => destroy(provisioner, deploymentId)));
    expect(left.flat()).toEqual([]);
    for (const spec of specs) expect(await look(spec)).toEqual(nothing);
    expect([...pages.paged].sort()).toEqual([
      'DescribeImages',
      'ListAttachedRolePolicies',
      'ListRolePolicies',
      'ListSecrets',
      'ListTaskDefinitions',
      'ListTasks',
    ]);
  });

  // Last in the file, and not at the same time as any other.
  it('leaves nothing of any deployment in the account', async () => {
    expect(await leftovers(stage.context)).toEqual([]);
  });
});
