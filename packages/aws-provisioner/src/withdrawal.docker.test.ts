// A rollout that fails although the trial before it served.
import type { Task } from '@aws-sdk/client-ecs';
import { waitFor } from '@runlayer/local-platform';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyAll, destroy, environmentOf, next, serve, shapeOf } from '../fixtures/drive.ts';
import { emulatorMissing } from '../fixtures/emulator.ts';
import { intercept } from '../fixtures/interception.ts';
import { testSpec } from '../fixtures/specs.ts';
import { openStage, type Stage } from '../fixtures/stage.ts';
import { createAwsProvisioner } from './aws-provisioner.ts';
import { isRunning, readTasks, stopTasks } from './tasks.ts';

describeWith(await emulatorMissing(), 'a rollout that fails', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it('goes back to the release before, and leaves nothing of the new one [AWS-4, PLAT-4]', async () => {
    const spec = testSpec(stage.image, { secrets: { TOKEN: 'the-old-value' } });
    await serve(createAwsProvisioner(stage.options), spec);
    const [former] = await readTasks(stage.context, spec.deploymentId);
    let stopped: Promise<void> | undefined;
    const calls = intercept(
      () => 'pass',
      ({ operation }) => {
        if (operation === 'UpdateService') stopped ??= stopNew(spec.deploymentId, former);
      },
    );
    const provisioner = createAwsProvisioner({ ...stage.options, requestHandler: calls.requestHandler });
    const last = (await applyAll(provisioner, next(spec, { secrets: { TOKEN: 'the-new-value' } }))).at(-1);
    await stopped;
    expect(last).toMatchObject({ type: 'failed', stillServing: spec.releaseId });
    const { endpoints } = await provisioner.status(spec.deploymentId);
    expect((await environmentOf(endpoints[0]!))['TOKEN']).toBe('the-old-value');
    const kinds = await shapeOf(stage.context, spec.deploymentId);
    expect(kinds.filter((kind) => /^(task|secret)/.test(kind))).toEqual(['secret', 'task', 'task definition']);
    expect((await provisioner.plan(spec)).action).toBe('none');
    expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
  });

  /** Stops the first task of the service that has another task definition than the former one. */
  async function stopNew(deploymentId: string, former: Task | undefined): Promise<void> {
    const task = await waitFor('the new task runs', async () => {
      const tasks = await readTasks(stage.context, deploymentId);
      return tasks.find(
        (one) => isRunning(one) && one.group?.startsWith('service:') === true && one.taskDefinitionArn !== former?.taskDefinitionArn,
      );
    });
    await stopTasks(stage.context, [task], 'A test.');
  }
});
