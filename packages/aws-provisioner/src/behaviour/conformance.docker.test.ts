// The conformance suite on the emulator, with real containers.
import type { FailureCode, WorkloadSpec } from '@runlayer/provisioner';
import { type ConformanceHarness, provisionerConformance } from '@runlayer/provisioner/testing';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, it } from 'vitest';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { openStage, type Stage } from '../../fixtures/stage.ts';
import { createAwsProvisioner } from '../aws-provisioner.ts';
import { readService } from '../resources/service.ts';
import { readTasks, stopTasks, taskIdOf } from '../observation/tasks.ts';

describeWith(await emulatorMissing(), 'the AWS provisioner [PLAT-4, AWS-4]', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  const failing: Partial<Record<FailureCode, () => WorkloadSpec>> = {
    image_missing: () => testSpec(stage.image.replace(/@.*/, `@sha256:${'0'.repeat(64)}`)),
    wrong_architecture: () => testSpec(stage.image, { platform: 'arm' }),
    exited_at_start: () => testSpec(stage.image, { env: { EXIT_CODE: '3', EXIT_TEXT: 'DATABASE_URL is not set' } }),
    not_listening: () => testSpec(stage.image, { env: { PORT: '9000' } }),
    mcp_path_missing: () => testSpec(stage.image, { path: '/mcp', env: { NOT_FOUND: '1' } }),
  };

  const harness: ConformanceHarness = {
    createProvisioner: () => createAwsProvisioner(stage.options),
    specs: { serving: () => testSpec(stage.image), failing },
    // What runs. The roles outlast a failed start on purpose; what a destroy leaves is asked for in a test of its own.
    listResources: async (deploymentId) => {
      const service = await readService(stage.context, deploymentId);
      const tasks = await readTasks(stage.context, deploymentId);
      return [...(service === undefined ? [] : [`service ${service.serviceName}`]), ...tasks.map((task) => `task ${taskIdOf(task)}`)];
    },
    // The emulator does not start a task anew that was stopped.
    crash: async (deploymentId) => stopTasks(stage.context, await readTasks(stage.context, deploymentId), 'A test.'),
    interruptions: 2,
  };

  const cases = provisionerConformance(harness);
  // The emulator starts a stopped task anew as soon as any service changes, so nothing may happen beside a crash.
  const alone = /crash/;
  for (const { name, run } of cases.filter((one) => alone.test(one.name))) it(name, run);
  // Side by side: most of each case is waiting, and each has deployments of its own.
  for (const { name, run } of cases.filter((one) => !alone.test(one.name))) it.concurrent(name, run);
});
