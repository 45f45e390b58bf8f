// What a deployment is made of, looked at beside the provisioner.
import { DescribeTaskDefinitionCommand, ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyAll, destroy, environmentOf, failureOf, next, roleIds, serve, shapeOf } from '../fixtures/drive.ts';
import { emulatorMissing } from '../fixtures/emulator.ts';
import { intercept } from '../fixtures/interception.ts';
import { testSpec } from '../fixtures/specs.ts';
import { openStage, type Stage } from '../fixtures/stage.ts';
import { createAwsProvisioner } from './aws-provisioner.ts';
import { createAwsRegistry } from './aws-registry.ts';
import { listEnvSecrets } from './resources/env-secret.ts';

describeWith(await emulatorMissing(), 'a deployment on AWS', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it('has its table, its role and its declared roles in the container, and plans no work afterwards [CFG-6, CFG-7, AWS-1]', async () => {
    const provisioner = createAwsProvisioner({ ...stage.options, containerEnvironment: { AWS_ENDPOINT: 'local' } });
    const assumeRoles = { BILLING: 'arn:aws:iam::111122223333:role/billing' };
    const spec = testSpec(stage.image, { database: true, assumeRoles, secrets: { TOKEN: 'a-user-value' } });
    const events = await applyAll(provisioner, spec);
    const last = events.at(-1);
    expect(last).toMatchObject({
      type: 'serving',
      outputs: { taskRoleArn: expect.stringMatching(/^arn:aws:iam::\d{12}:role\/runlayer\/default\//) },
    });
    const environment = await environmentOf(last?.type === 'serving' ? last.endpoints[0]! : never());
    const { table } = stage.context.names(spec.deploymentId);
    expect(environment).toMatchObject({
      AWS_ENDPOINT: 'local',
      DB_TABLE_NAME: table,
      DB_TABLE_REGION: 'us-east-1',
      RUNLAYER_AWS_ROLE_BILLING: assumeRoles.BILLING,
      RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN: last?.type === 'serving' ? last.outputs['taskRoleArn'] : '',
      TOKEN: 'a-user-value',
    });
    expect(await provisioner.plan(spec)).toEqual({ deploymentId: spec.deploymentId, action: 'none', changes: [] });
    expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
    expect(await shapeOf(stage.context, spec.deploymentId)).toEqual([]);
  });

  it('applied again without a change makes no mutating call, and planned makes none either [AWS-4]', async () => {
    const spec = testSpec(stage.image, { database: true, secrets: { TOKEN: 'a-user-value' } });
    await serve(createAwsProvisioner(stage.options), spec);
    const calls = intercept(() => 'pass');
    const provisioner = createAwsProvisioner({ ...stage.options, requestHandler: calls.requestHandler });
    await provisioner.plan(next(spec, { port: 8001, database: false }));
    await serve(provisioner, next(spec, {}));
    await provisioner.status(spec.deploymentId);
    expect(calls.tries.filter(({ isMutating }) => isMutating)).toEqual([]);
    expect(calls.tries.length).toBeGreaterThan(20);
    await destroy(provisioner, spec.deploymentId);
  });

  it('with a changed variable gets one new revision and one new secret, and keeps its role; the former values come back with the former release [AWS-1, AWS-4]', async () => {
    const provisioner = createAwsProvisioner(stage.options);
    const spec = testSpec(stage.image, { secrets: { TOKEN: 'the-old-value' } });
    await serve(provisioner, spec);
    const ids = await roleIds(stage.context, spec.deploymentId);
    const [before] = await revisions(spec.deploymentId);
    await serve(provisioner, next(spec, { secrets: { TOKEN: 'the-new-value' } }));
    expect(await revisions(spec.deploymentId)).toHaveLength(1);
    expect((await revisions(spec.deploymentId))[0]).toBe(before?.replace(/\d+$/, (number) => String(Number(number) + 1)));
    expect(await listEnvSecrets(stage.context, spec.deploymentId)).toHaveLength(1);
    const environment = await environmentOf(await serve(provisioner, spec));
    expect(environment['TOKEN']).toBe('the-old-value');
    expect(await roleIds(stage.context, spec.deploymentId)).toEqual(ids);
    const { taskDefinition } = await stage.context.clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: stage.context.names(spec.deploymentId).family }),
    );
    expect(JSON.stringify(taskDefinition)).not.toContain('the-old-value');
    expect(taskDefinition?.containerDefinitions?.[0]).toMatchObject({ stopTimeout: 2, linuxParameters: { initProcessEnabled: true } });
    expect(taskDefinition?.runtimePlatform).toEqual({ cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' });
    await destroy(provisioner, spec.deploymentId);
  });

  async function revisions(deploymentId: string): Promise<string[]> {
    const { family } = stage.context.names(deploymentId);
    return (await stage.context.clients.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: family }))).taskDefinitionArns ?? [];
  }

  it('keeps its role through a failed first start, and destroy takes what that left [AWS-1, PLAT-4]', async () => {
    const provisioner = createAwsProvisioner(stage.options);
    const spec = testSpec(stage.image, { env: { EXIT_CODE: '3', EXIT_TEXT: 'DATABASE_URL is not set' } });
    const failure = await failureOf(provisioner, spec);
    expect(failure).toMatchObject({ code: 'exited_at_start', evidence: { exitCode: 3, lastLines: ['DATABASE_URL is not set'] } });
    const ids = await roleIds(stage.context, spec.deploymentId);
    expect(ids).toHaveLength(2);
    await serve(provisioner, next(spec, { env: {} }));
    expect(await roleIds(stage.context, spec.deploymentId)).toEqual(ids);
    expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
  });

  it('converges when two processes deploy it at once, and others beside it', async () => {
    const specs = [1, 2, 3].map(() => testSpec(stage.image, { secrets: { NAME: crypto.randomUUID() } }));
    const [shared] = specs;
    const fresh = () => createAwsProvisioner(stage.options);
    const results = await Promise.allSettled([...specs, shared!].map((spec) => serve(fresh(), spec)));
    expect(results.filter(({ status }) => status === 'rejected').length).toBeLessThanOrEqual(1);
    for (const spec of specs) {
      const environment = await environmentOf(await serve(fresh(), spec));
      expect(environment['NAME']).toBe(spec.secrets['NAME']);
      expect((await shapeOf(stage.context, spec.deploymentId)).filter((name) => name === 'task' || name === 'secret')).toEqual([
        'secret',
        'task',
      ]);
    }
    for (const { deploymentId } of specs) expect(await destroy(fresh(), deploymentId)).toEqual([]);
  });

  it('has a repository of its own to push to, which destroy removes [AWS-4]', async () => {
    const registry = createAwsRegistry(stage.options);
    const { deploymentId } = testSpec(stage.image);
    const name = await registry.repository(deploymentId);
    expect(name).toBe(`${stage.emulator.registryHost}/runlayer/default/${deploymentId}`);
    expect(await registry.repository(deploymentId)).toBe(name);
    expect(await registry.credentials()).toMatchObject({ username: 'AWS', password: expect.stringMatching(/./) });
    expect(await shapeOf(stage.context, deploymentId)).toEqual([`repository runlayer/default/${deploymentId}`]);
    expect(await destroy(createAwsProvisioner(stage.options), deploymentId)).toEqual([]);
  });

  it('leaves alone what has its names and belongs to somebody else', async () => {
    const spec = testSpec(stage.image);
    const { taskRole } = stage.context.names(spec.deploymentId);
    await stage.context.clients.iam.send(new CreateRoleCommand({ RoleName: taskRole, AssumeRolePolicyDocument: '{}' }));
    const provisioner = createAwsProvisioner(stage.options);
    await expect(applyAll(provisioner, spec)).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
    await expect(destroy(provisioner, spec.deploymentId)).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
  });

  it.each([
    ['a cluster that does not exist', { cluster: 'elsewhere' }, 'ERR_AWS_PLATFORM'],
    ['a subnet of another VPC', { subnets: ['subnet-00000000'] }, 'ERR_AWS_PLATFORM'],
    ['another account', { account: '999999999999' }, 'ERR_AWS_ACCOUNT'],
    ['an address where nothing is', { endpoint: 'http://127.0.0.1:9', maxAttempts: 1 }, 'ERR_AWS_UNREACHABLE'],
  ])('is not begun with %s', async (_name, wrong, code) => {
    const provisioner = createAwsProvisioner({ ...stage.options, ...wrong });
    await expect(applyAll(provisioner, testSpec(stage.image))).rejects.toMatchObject({ code });
  });

  it('is of unknown state where AWS cannot be asked', async () => {
    const provisioner = createAwsProvisioner({ ...stage.options, endpoint: 'http://127.0.0.1:9', maxAttempts: 1 });
    expect(await provisioner.status(crypto.randomUUID())).toMatchObject({ state: 'unknown', failure: { code: 'engine_error' } });
  });
});

function never(): never {
  throw new Error('It does not serve.');
}
