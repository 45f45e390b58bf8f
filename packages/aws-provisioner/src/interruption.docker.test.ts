// Processes that die, answers that get lost, and AWS that lags or is away: the next run ends where an undisturbed one does.
import { describeWith } from '@runlayer/test-services';
import type { Provisioner, WorkloadSpec } from '@runlayer/provisioner';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyAll, destroy, environmentOf, next, roleIds, serve, shapeOf } from '../fixtures/drive.ts';
import { emulatorMissing } from '../fixtures/emulator.ts';
import { dyingAfter, type Fate, intercept, type Interception, refusal, type Try } from '../fixtures/interception.ts';
import { testSpec } from '../fixtures/specs.ts';
import { openStage, type Stage } from '../fixtures/stage.ts';
import { createAwsProvisioner } from './aws-provisioner.ts';

const whole = ['log group', 'role', 'role', 'secret', 'security group', 'service', 'table', 'task', 'task definition'];

describeWith(await emulatorMissing(), 'a deployment that is disturbed [AWS-4]', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  const provisionerWith = ({ requestHandler }: Pick<Interception, 'requestHandler'>): Provisioner =>
    createAwsProvisioner({ ...stage.options, requestHandler });
  const fullSpec = (): WorkloadSpec => testSpec(stage.image, { database: true, secrets: { TOKEN: 'the-first-token' } });
  const kindsOf = async (id: string): Promise<string[]> =>
    (await shapeOf(stage.context, id)).map((name) => name.replace(/ (runlayer-|\/).*/, ''));

  /** Runs `work` again and again, each time killed after one more mutating call, until it ends undisturbed; gives the number of kills. */
  async function killedAtEveryCall(work: (provisioner: Provisioner) => Promise<unknown>): Promise<number> {
    for (let kills = 0; kills < 60; kills += 1) {
      const dying = dyingAfter(1);
      const killed = await work(provisionerWith(dying)).then(
        () => false,
        () => dying.tries.some(({ isMutating }) => isMutating),
      );
      if (!killed) return kills;
    }
    throw new Error('It never ends.');
  }

  const applying = (spec: WorkloadSpec) => async (provisioner: Provisioner) => {
    const last = (await applyAll(provisioner, spec)).at(-1);
    if (last?.type !== 'serving') throw new Error(JSON.stringify(last));
  };

  it.concurrent('killed after every mutating call, goes on to the same state: deploy, change, destroy', async () => {
    const spec = fullSpec();
    expect(await killedAtEveryCall(applying(spec))).toBeGreaterThan(10);
    expect(await kindsOf(spec.deploymentId)).toEqual(whole);
    const ids = await roleIds(stage.context, spec.deploymentId);

    const changed = next(spec, { secrets: { TOKEN: 'the-second-token' } });
    expect(await killedAtEveryCall(applying(changed))).toBeGreaterThan(4);
    expect(await kindsOf(spec.deploymentId)).toEqual(whole);
    expect(await roleIds(stage.context, spec.deploymentId)).toEqual(ids);
    const { endpoints } = await createAwsProvisioner(stage.options).status(spec.deploymentId);
    expect((await environmentOf(endpoints[0]!))['TOKEN']).toBe('the-second-token');

    const kills = await killedAtEveryCall(async (provisioner) => expect(await destroy(provisioner, spec.deploymentId)).toEqual([]));
    expect(kills).toBeGreaterThan(8);
    expect(await kindsOf(spec.deploymentId)).toEqual([]);
  });

  /** Decides by how often this operation was tried before. */
  const nth = (decide: (seen: Try, count: number) => Fate) => (seen: Try, before: readonly Try[]) =>
    decide(seen, before.filter(({ operation }) => operation === seen.operation).length);

  it.concurrent('whose every mutating call loses its first answer doubles nothing', async () => {
    const provisioner = provisionerWith(intercept(nth(({ isMutating }, count) => (isMutating && count === 0 ? 'lost' : 'pass'))));
    const spec = fullSpec();
    await serve(provisioner, spec);
    expect(await kindsOf(spec.deploymentId)).toEqual(whole);
    await serve(
      provisionerWith(intercept(nth(({ isMutating }, count) => (isMutating && count === 0 ? 'lost' : 'pass')))),
      next(spec, { env: { A: 'b' } }),
    );
    expect(await kindsOf(spec.deploymentId)).toEqual(whole);
    const removing = provisionerWith(intercept(nth(({ isMutating }, count) => (isMutating && count === 0 ? 'lost' : 'pass'))));
    expect(await destroy(removing, spec.deploymentId)).toEqual([]);
  });

  const throttled = new Set(['RegisterTaskDefinition', 'DeleteService']);

  it.concurrent('whose every call is answered with 503 at first, and some are throttled three times, converges', async () => {
    const away = nth(({ operation }, count) => {
      if (count === 0) return { refuse: refusal('ServiceUnavailable', 'Away.', 503) };
      return throttled.has(operation) && count < 4 ? { refuse: refusal('ThrottlingException', 'Rate exceeded') } : 'pass';
    });
    const spec = testSpec(stage.image, { secrets: { TOKEN: 'the-first-token' } });
    await serve(provisionerWith(intercept(away)), spec);
    expect(await destroy(provisionerWith(intercept(away)), spec.deploymentId)).toEqual([]);
  });

  const lags: Record<string, [code: string, message: string]> = {
    RegisterTaskDefinition: ['ClientException', 'Role is not valid'],
    CreateService: [
      'InvalidParameterException',
      'Unable to assume the service linked role. Please verify that the ECS service linked role exists.',
    ],
    RunTask: ['InvalidParameterException', 'ECS was unable to assume the role that was provided for this task.'],
    UpdateService: ['ServiceNotFoundException', 'Service not found.'],
    PutRolePolicy: ['NoSuchEntityException', 'The role cannot be found.'],
    CreateSecret: ['InvalidRequestException', 'A secret with this name is already scheduled for deletion.'],
    DeleteSecurityGroup: ['DependencyViolation', 'resource has a dependent object'],
    DeleteRole: ['DeleteConflictException', 'Cannot delete entity, must delete policies first.'],
    DeleteRolePolicy: ['ConcurrentModificationException', 'Try again.'],
    UpdateTimeToLive: ['ResourceInUseException', 'Table is being updated'],
  };

  it.concurrent('is patient with what AWS has not spread yet, or not let go of', async () => {
    const lagging = nth(({ operation }, count) => {
      const lag = lags[operation];
      return lag !== undefined && count < 2 ? { refuse: refusal(...lag) } : 'pass';
    });
    const seen = intercept(lagging);
    const spec = fullSpec();
    await serve(provisionerWith(seen), spec);
    await serve(provisionerWith(seen), next(spec, { env: { A: 'b' } }));
    expect(await destroy(provisionerWith(seen), spec.deploymentId)).toEqual([]);
    const unseen = Object.keys(lags).filter((name) => !seen.tries.some(({ operation }) => operation === name));
    expect(unseen).toEqual([]);
  });

  it.concurrent('ends with a clear error where a call is denied for good', async () => {
    const denied = intercept(({ operation }) =>
      operation === 'CreateRole' ? { refuse: refusal('AccessDeniedException', 'not authorized to perform: iam:CreateRole', 403) } : 'pass',
    );
    await expect(applyAll(provisionerWith(denied), testSpec(stage.image))).rejects.toMatchObject({
      code: 'ERR_AWS_DENIED',
      message: /iam:CreateRole/,
    });
  });
});
