// Ways back to the former release, seen through boto3: the tasks of a revision start with the variables it was deployed with, whoever
// takes it back and however often they start.
import type { WorkloadSpec } from '@runlayer/provisioner';
import { waitFor } from '@runlayer/local-platform';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyAll, destroy, failureOf, next, serve } from '../../fixtures/drive.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { intercept } from '../../fixtures/interception.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { active, alive, type SeenTask, type Snapshot } from '../../observer/snapshot.ts';
import { crash, doneBefore, onlyTask, openTheatre, servedAt, type Theatre } from '../../observer/theatre.ts';

const former = { TOKEN: 'the-old-value', GONE: 'a-variable-that-goes' };
const latter = { TOKEN: 'the-new-value' };
/** Where the server listens; from an address that the task does not have it cannot, and exits. */
const bindable = { BIND: '0.0.0.0' };

describeWith(await emulatorMissing(), 'a release that is taken back on AWS', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await openTheatre();
  });
  afterAll(() => theatre.close());

  it.concurrent('by a failed trial: the task of the former one runs on, and one that starts in its place gets the former values [AWS-4, PLAT-4]', async () => {
    const { provisioner } = theatre.provisioner();
    const spec = testSpec(theatre.stage.image, { secrets: former });
    await serve(provisioner, spec);
    const first = onlyTask(await theatre.observer.snapshot(spec.deploymentId));
    await failureOf(provisioner, next(spec, { env: { EXIT_CODE: '3' }, secrets: latter }));
    const after = await theatre.observer.snapshot(spec.deploymentId);
    expect(onlyTask(after)).toEqual(first);
    const second = await replaced(spec.deploymentId, first);
    expect(second.definition).toBe(first.definition);
    expect(await served(second)).toMatchObject(former);
    await destroy(provisioner, spec.deploymentId);
  });

  it.concurrent('by us, when its rollout fails after its trial has served: the former values are served, and nothing of it is left [AWS-4, PLAT-4]', async () => {
    const spec = testSpec(theatre.stage.image, { secrets: former });
    await serve(theatre.provisioner().provisioner, spec);
    const before = await theatre.observer.snapshot(spec.deploymentId);
    const bad = next(spec, { secrets: { ...latter, ...bindable } });
    const calls = doneBefore(
      'UpdateService',
      intercept(() => 'pass'),
      () => breakSecret(bad),
    );
    const { provisioner } = theatre.provisioner({}, calls);
    const last = (await applyAll(provisioner, bad)).at(-1);
    expect(last).toMatchObject({ type: 'failed', failure: { code: 'exited_at_start' }, stillServing: spec.releaseId });
    const after = await theatre.seenWhen(spec.deploymentId, 'one task runs', (seen) => alive(seen).length === 1);
    expect(await served(onlyTask(after))).toMatchObject(former);
    expect([after.secrets, active(after)]).toEqual([before.secrets, active(before)]);
    expect((await provisioner.plan(spec)).action).toBe('none');
    await destroy(provisioner, spec.deploymentId);
  });

  it.concurrent('by ECS itself, when its tasks crash again and again and nobody watches any more: the former values are served, and a later deploy tidies up [AWS-4, PLAT-4]', async () => {
    const spec = testSpec(theatre.stage.image, { secrets: former });
    await serve(theatre.provisioner().provisioner, spec);
    const before = await theatre.observer.snapshot(spec.deploymentId);
    const bad = next(spec, { secrets: { ...latter, ...bindable } });
    const death = new AbortController();
    const told = intercept(
      () => 'pass',
      ({ operation }) => operation === 'UpdateService' && death.abort(),
    );
    const dying = theatre.provisioner(
      {},
      doneBefore('UpdateService', told, () => breakSecret(bad)),
    );
    for await (const _event of dying.provisioner.apply(bad, { signal: death.signal }));
    expect(death.signal.aborted).toBe(true);

    const wanted = before.services[0]!.taskDefinition;
    // Its failure stays in the list; the one that was served before is done once more.
    const isBack = ({ services: [service] }: Snapshot): boolean => {
      const states = service?.deployments.map(({ status, rolloutState }) => `${status} ${rolloutState}`);
      return service?.taskDefinition === wanted && states?.join() === 'ACTIVE FAILED,PRIMARY COMPLETED';
    };
    const back = await theatre.seenWhen(spec.deploymentId, 'ECS has rolled back', isBack);
    const kept = onlyTask(ofService(back));
    expect(kept).toEqual(onlyTask(before));
    expect(await served(kept)).toMatchObject(former);
    expect(await served(await replaced(spec.deploymentId, kept))).toMatchObject(former);
    // Later: what is younger than a rollout may take could be another process's, at work just now.
    const { provisioner } = theatre.provisioner({ clock: () => new Date(Date.now() + 3_600_000) });
    expect(await provisioner.status(spec.deploymentId)).toMatchObject({ state: 'serving', releaseId: spec.releaseId });
    await serve(provisioner, spec);
    const tidied = await theatre.seenWhen(spec.deploymentId, 'one task runs', (seen) => alive(seen).length === 1);
    expect([tidied.secrets, active(tidied)]).toEqual([before.secrets, active(before)]);
    expect(await served(onlyTask(tidied))).toMatchObject(former);
    await destroy(provisioner, spec.deploymentId);
  });

  it.concurrent('by nobody, when its task crashes after it has served: that is no rollback, and the new values come back [AWS-4]', async () => {
    const { provisioner } = theatre.provisioner();
    const spec = testSpec(theatre.stage.image, { secrets: former });
    await serve(provisioner, spec);
    await serve(provisioner, next(spec, { secrets: latter }));
    let task = onlyTask(await theatre.seenWhen(spec.deploymentId, 'the former task has stopped', (seen) => alive(seen).length === 1));
    for (let times = 1; times <= 3; times += 1) task = await replaced(spec.deploymentId, task);
    const env = await served(task);
    expect(env).toMatchObject(latter);
    expect(env).not.toHaveProperty('GONE');
    expect(active(await theatre.observer.snapshot(spec.deploymentId))).toHaveLength(1);
    await destroy(provisioner, spec.deploymentId);
  });

  /** What a release needs goes away between its trial and its rollout: its tasks crash at every start from then on. */
  async function breakSecret({ deploymentId, releaseId, secrets }: WorkloadSpec): Promise<void> {
    const seen = await theatre.observer.snapshot(deploymentId);
    const { arn } = seen.secrets.find(({ tags }) => tags['runlayer:release-id'] === releaseId)!;
    const SecretString = JSON.stringify({ ...secrets, BIND: '192.0.2.1' });
    await theatre.observer.call({ service: 'secretsmanager', call: 'put_secret_value', with: { SecretId: arn, SecretString } });
  }

  /** Crashes a task, and gives the one that ECS starts in its place. */
  async function replaced(deploymentId: string, task: SeenTask): Promise<ReturnType<typeof onlyTask>> {
    await crash(task);
    const isReplaced = (seen: Snapshot): boolean => {
      const [one, ...others] = alive(ofService(seen));
      return one !== undefined && others.length === 0 && one.arn !== task.arn && one.status === 'RUNNING' && one.address !== null;
    };
    return onlyTask(ofService(await theatre.seenWhen(deploymentId, 'another task runs in its place', isReplaced)));
  }

  /** Without the trial of a release whose apply was killed: that runs until the next apply ends it. */
  function ofService(seen: Snapshot): Snapshot {
    return { ...seen, tasks: seen.tasks.filter(({ group }) => group.startsWith('service:')) };
  }

  /** What the container serves, once it listens. */
  async function served({ address }: SeenTask): Promise<Record<string, string>> {
    return waitFor('it answers', () => servedAt(address ?? '').catch(() => undefined));
  }
});
