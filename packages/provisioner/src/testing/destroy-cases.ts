// Cases of destroy and of status without a deployment.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { destroy, serve, withDeployment } from './driving.ts';
import type { CaseBody } from './harness.ts';

export const destroyCases: Readonly<Record<string, CaseBody>> = {
  'destroy leaves nothing, and doing it again is done at once': withDeployment(async (harness, provisioner, spec) => {
    await serve(provisioner, spec);
    assert.deepEqual(await destroy(provisioner, spec.deploymentId), []);
    assert.deepEqual(await harness.listResources(spec.deploymentId), []);
    assert.deepEqual(await destroy(provisioner, spec.deploymentId), []);
    const status = await provisioner.status(spec.deploymentId);
    assert.equal(status.state, 'absent');
    assert.deepEqual(status.endpoints, []);
  }),

  'destroy takes down what crashed': withDeployment(async (harness, provisioner, spec) => {
    await serve(provisioner, spec);
    await harness.crash(spec.deploymentId);
    assert.deepEqual(await destroy(provisioner, spec.deploymentId), []);
    assert.deepEqual(await harness.listResources(spec.deploymentId), []);
  }),

  'destroy and status of an unknown deployment find nothing': async (harness) => {
    const provisioner = await harness.createProvisioner();
    const unknown = randomUUID();
    assert.equal((await provisioner.status(unknown)).state, 'absent');
    assert.deepEqual(await destroy(provisioner, unknown), []);
    for await (const line of provisioner.logs(unknown)) assert.fail(`a line from nowhere: ${line.line}`);
  },

  'status says when it looked': withDeployment(async (_harness, provisioner, spec) => {
    const { observedAt } = await provisioner.status(spec.deploymentId);
    assert.match(observedAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  }),

  'a destroyed deployment can be applied again': withDeployment(async (_harness, provisioner, spec) => {
    await serve(provisioner, spec);
    await destroy(provisioner, spec.deploymentId);
    await serve(provisioner, spec);
  }),
};
