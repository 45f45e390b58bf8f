// What is found of deployments when nothing but AWS is left, on the emulator.
import { randomUUID } from 'node:crypto';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyAll, destroy, serve } from '../../fixtures/drive.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { intercept, refusal } from '../../fixtures/interception.ts';
import { makeSharedRepository, pushShared } from '../../fixtures/shared-image.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { openStage, type Stage } from '../../fixtures/stage.ts';
import { createAwsProvisioner } from '../aws-provisioner.ts';
import type { AwsProvisionerOptions } from '../options.ts';
import { listEnvSecrets } from '../resources/env-secret.ts';
import { type FoundDeployment, findDeployments } from './find-deployments.ts';

describeWith(await emulatorMissing(), 'the deployments in AWS', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await makeSharedRepository(stage);
  });
  afterAll(() => stage.close());

  async function found(deploymentId: string, options: AwsProvisionerOptions = stage.options): Promise<FoundDeployment | undefined> {
    for await (const one of findDeployments(options)) if (one.deploymentId === deploymentId) return one;
    return undefined;
  }

  it('are found with what they were deployed from, by reads alone, and not after their end', async () => {
    const provisioner = createAwsProvisioner(stage.options);
    const spec = testSpec(stage.image, {
      name: 'notes',
      database: true,
      env: { RUNLAYER_SERVER_ID: randomUUID() },
      secrets: { TOKEN: 'a-user-value', EMPTY: '' },
      assumeRoles: { BILLING: 'arn:aws:iam::111122223333:role/billing' },
    });
    await serve(provisioner, spec);
    const calls = intercept(() => 'pass');
    const one = await found(spec.deploymentId, { ...stage.options, requestHandler: calls.requestHandler });
    expect(one).toMatchObject({ spec, state: 'serving', isForeign: false, lacksValues: false });
    expect(one?.outputs).toMatchObject({ taskRoleArn: expect.any(String), tableName: expect.any(String) });
    expect(one?.createdAt).toBeInstanceOf(Date);
    expect(calls.tries.filter(({ isMutating }) => isMutating)).toEqual([]);
    for (const { arn } of await listEnvSecrets(stage.context, spec.deploymentId)) {
      await stage.context.clients.secrets.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
    }
    expect(await found(spec.deploymentId)).toMatchObject({ spec: { secrets: { TOKEN: '' } }, lacksValues: true });
    await destroy(provisioner, spec.deploymentId);
    expect(await found(spec.deploymentId)).toBeUndefined();
  });

  it.each([
    ['its task role', 'CreateRole', { state: 'absent', parts: [expect.stringContaining('role')] }],
    ['its task definition', 'RegisterTaskDefinition', { state: 'absent', spec: expect.objectContaining({ name: 'test' }) }],
  ])('that were cut short after %s are found as far as they were made', async (_name, last, shape) => {
    const spec = testSpec(stage.image, { secrets: { TOKEN: 'a-user-value' } });
    const dead = refusal('Killed', 'The process is gone.');
    const calls = intercept((_seen, before) => (before.some(({ operation }) => operation === last) ? { refuse: dead } : 'pass'));
    const dying = createAwsProvisioner({ ...stage.options, requestHandler: calls.requestHandler, maxAttempts: 1 });
    await expect(applyAll(dying, spec)).rejects.toThrow();
    expect(await found(spec.deploymentId)).toMatchObject(shape);
    await destroy(createAwsProvisioner(stage.options), spec.deploymentId);
  });

  it('of which only an image was pushed are found by its tag', async () => {
    const deploymentId = randomUUID();
    await pushShared(stage, deploymentId);
    expect(await found(deploymentId)).toMatchObject({ state: 'absent', parts: [`image tag ${deploymentId}`] });
    await destroy(createAwsProvisioner(stage.options), deploymentId);
  });

  it("that carry somebody else's tags are named and not read, and those of another environment are not named", async () => {
    const deploymentId = randomUUID();
    const { taskRole, rolePath } = stage.context.names(deploymentId);
    await stage.context.clients.iam.send(new CreateRoleCommand({ RoleName: taskRole, Path: rolePath, AssumeRolePolicyDocument: '{}' }));
    expect(await found(deploymentId)).toEqual({
      deploymentId,
      parts: [],
      isForeign: true,
      lacksValues: false,
      state: 'unknown',
      outputs: {},
    });
    expect(await found(deploymentId, { ...stage.options, environment: 'other' })).toBeUndefined();
  });

  it('are looked for in the place of the settings only', async () => {
    await expect(found(randomUUID(), { ...stage.options, cluster: 'elsewhere' })).rejects.toMatchObject({ code: 'ERR_AWS_PLATFORM' });
  });
});
