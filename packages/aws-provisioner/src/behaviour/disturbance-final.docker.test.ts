// What AWS refuses for good: an apply ends soon, says why, and leaves nothing that runs or that a later destroy would not find.
import { describeWith } from '@runlayer/test-services';
import type { Provisioner } from '@runlayer/provisioner';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyAll, destroy, failureOf, next, serve } from '../../fixtures/drive.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { type Fate, intercept, type Try } from '../../fixtures/interception.ts';
import { anyOf, changingServices, type Decide, misstarts, rewriting, rolloutState } from '../../fixtures/lags.ts';
import { lifeSpec, lookAt } from '../../fixtures/life.ts';
import { leftovers, nothing } from '../../fixtures/snapshot.ts';
import { openStage, type Stage } from '../../fixtures/stage.ts';
import { wireRefusal } from '../../fixtures/wire-answers.ts';
import { createAwsProvisioner } from '../aws-provisioner.ts';

/** Every call of a first deploy, and the action that a policy has to allow for it. */
const deployActions: readonly (readonly [operation: string, action: string])[] = [
  ['GetCallerIdentity', 'sts:GetCallerIdentity'],
  ['DescribeClusters', 'ecs:DescribeClusters'],
  ['DescribeSubnets', 'ec2:DescribeSubnets'],
  ['BatchGetImage', 'ecr:BatchGetImage'],
  ['DescribeServices', 'ecs:DescribeServices'],
  ['PutImage', 'ecr:PutImage'],
  ['GetRole', 'iam:GetRole'],
  ['CreateRole', 'iam:CreateRole'],
  ['PutRolePolicy', 'iam:PutRolePolicy'],
  ['DescribeSecurityGroups', 'ec2:DescribeSecurityGroups'],
  ['CreateSecurityGroup', 'ec2:CreateSecurityGroup'],
  ['AuthorizeSecurityGroupIngress', 'ec2:AuthorizeSecurityGroupIngress'],
  ['DescribeLogGroups', 'logs:DescribeLogGroups'],
  ['CreateLogGroup', 'logs:CreateLogGroup'],
  ['PutRetentionPolicy', 'logs:PutRetentionPolicy'],
  ['DescribeTable', 'dynamodb:DescribeTable'],
  ['CreateTable', 'dynamodb:CreateTable'],
  ['ListTagsOfResource', 'dynamodb:ListTagsOfResource'],
  ['DescribeTimeToLive', 'dynamodb:DescribeTimeToLive'],
  ['UpdateTimeToLive', 'dynamodb:UpdateTimeToLive'],
  ['DescribeContinuousBackups', 'dynamodb:DescribeContinuousBackups'],
  ['UpdateContinuousBackups', 'dynamodb:UpdateContinuousBackups'],
  ['DescribeSecret', 'secretsmanager:DescribeSecret'],
  ['CreateSecret', 'secretsmanager:CreateSecret'],
  ['DescribeTaskDefinition', 'ecs:DescribeTaskDefinition'],
  ['RegisterTaskDefinition', 'ecs:RegisterTaskDefinition'],
  ['CreateService', 'iam:PassRole'],
];

/** Every mutating call of a destroy, in its order. */
const destroyActions: readonly (readonly [operation: string, action: string])[] = [
  ['DeleteService', 'ecs:DeleteService'],
  ['DeleteSecurityGroup', 'ec2:DeleteSecurityGroup'],
  ['DeleteSecret', 'secretsmanager:DeleteSecret'],
  ['DeregisterTaskDefinition', 'ecs:DeregisterTaskDefinition'],
  ['DeleteTaskDefinitions', 'ecs:DeleteTaskDefinitions'],
  ['UpdateTable', 'dynamodb:UpdateTable'],
  ['DeleteTable', 'dynamodb:DeleteTable'],
  ['DeleteRolePolicy', 'iam:DeleteRolePolicy'],
  ['DeleteRole', 'iam:DeleteRole'],
  ['DeleteLogGroup', 'logs:DeleteLogGroup'],
  ['BatchDeleteImage', 'ecr:BatchDeleteImage'],
];

const deniedCodes: Readonly<Record<string, string>> = { iam: 'AccessDenied', sts: 'AccessDenied', ec2: 'UnauthorizedOperation' };

function denied(seen: Try, action: string): Fate {
  const message = `User: arn:aws:sts::111122223333:assumed-role/server/i-1 is not authorized to perform: ${action} on resource: x because no identity-based policy allows the ${action} action`;
  return { answer: wireRefusal(seen, deniedCodes[seen.service] ?? 'AccessDeniedException', message, 403) };
}

/** Refuses an operation for good. */
function refusing(operation: string, code: string, message: string, status = 400): Decide {
  return (seen) => (seen.operation === operation ? { answer: wireRefusal(seen, code, message, status) } : 'pass');
}

const notValid = refusing('RegisterTaskDefinition', 'ClientException', 'Role is not valid');

/** What ends with an error. */
const errors: readonly { name: string; decide: Decide; code: string; says: RegExp }[] = [
  {
    name: 'no role is left in the quota',
    decide: refusing('CreateRole', 'LimitExceeded', 'Cannot exceed quota for RolesPerAccount: 1000.', 409),
    code: 'ERR_AWS_CALL',
    says: /RolesPerAccount/,
  },
  {
    name: 'the trust policy of a role is refused',
    decide: refusing('CreateRole', 'MalformedPolicyDocument', 'Invalid principal in policy.'),
    code: 'ERR_AWS_CALL',
    says: /Invalid principal/,
  },
  {
    name: 'no security group is left in the quota',
    decide: refusing(
      'CreateSecurityGroup',
      'SecurityGroupLimitExceeded',
      'The maximum number of security groups for VPC vpc-1 has been reached.',
    ),
    code: 'ERR_AWS_CALL',
    says: /maximum number of security groups/,
  },
  {
    name: 'the VPC is gone',
    decide: refusing('CreateSecurityGroup', 'InvalidVpcID.NotFound', "The vpc ID 'vpc-1' does not exist"),
    code: 'ERR_AWS_CALL',
    says: /vpc-1/,
  },
  {
    name: 'the security group of the proxy is gone',
    decide: (seen) => {
      if (seen.operation !== 'AuthorizeSecurityGroupIngress') return 'pass';
      const id = /Groups\.1\.GroupId=([^&]+)/.exec(seen.body)?.[1] ?? '';
      return { answer: wireRefusal(seen, 'InvalidGroup.NotFound', `The security group '${id}' does not exist`) };
    },
    code: 'ERR_AWS_PLATFORM',
    says: /has no security group sg-\S+ of the proxy/,
  },
  {
    name: 'a subnet is gone',
    decide: refusing('DescribeSubnets', 'InvalidSubnetID.NotFound', "The subnet ID 'subnet-1' does not exist"),
    code: 'ERR_AWS_PLATFORM',
    says: /has no subnet subnet-/,
  },
  {
    name: 'no log group is left in the quota',
    decide: refusing('CreateLogGroup', 'LimitExceededException', 'Resource limit exceeded.'),
    code: 'ERR_AWS_CALL',
    says: /limit exceeded/,
  },
  {
    name: 'no table is left in the quota',
    decide: refusing('CreateTable', 'LimitExceededException', 'Subscriber limit exceeded: There is a limit of 2500 tables per subscriber'),
    code: 'ERR_AWS_CALL',
    says: /2500 tables/,
  },
  {
    name: 'the key of the secrets is denied',
    decide: refusing(
      'CreateSecret',
      'EncryptionFailure',
      "Secrets Manager can't encrypt the protected secret text using the provided KMS key.",
    ),
    code: 'ERR_AWS_CALL',
    says: /KMS key/,
  },
  { name: 'a role never becomes valid', decide: notValid, code: 'ERR_AWS_CALL', says: /Role is not valid/ },
  {
    name: 'no service is left in the quota',
    decide: refusing('CreateService', 'InvalidParameterException', 'The maximum number of services in the cluster has been reached.'),
    code: 'ERR_AWS_CALL',
    says: /maximum number of services/,
  },
  {
    name: 'the cluster is INACTIVE',
    decide: ({ operation }) =>
      operation === 'DescribeClusters'
        ? rewriting((answer) => ({ ...answer, clusters: [{ clusterName: 'runlayer', status: 'INACTIVE' }] }))
        : 'pass',
    code: 'ERR_AWS_PLATFORM',
    says: /is INACTIVE/,
  },
];

/** The tasks of a service that has none, and what it says of that. */
function withoutTasks(message: string): Decide {
  return anyOf(
    ({ operation }) => (operation === 'ListTasks' ? rewriting((answer) => ({ ...answer, taskArns: [] })) : 'pass'),
    ({ operation }) => {
      if (operation !== 'DescribeServices') return 'pass';
      return changingServices((service) => ({ ...service, events: [{ id: '1', createdAt: Date.now() / 1000, message }] }));
    },
  );
}

const unassumable = "ECS was unable to assume the role 'arn:aws:iam::111122223333:role/x' that was provided for this task.";
const noKey =
  'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret x from secrets manager: AccessDeniedException: Access to KMS is not allowed';
const breaker = 'ECS deployment circuit breaker: tasks failed to start.';

/** What ends with a failure in the last event. */
const failures: readonly { name: string; decide: () => Decide; code: string; says: RegExp }[] = [
  {
    name: 'ECS may never assume a role',
    decide: () => misstarts(unassumable, Infinity),
    code: 'role_not_assumable',
    says: /unable to assume the role/,
  },
  {
    name: 'the key of a secret is denied to the task',
    decide: () => misstarts(noKey, Infinity),
    code: 'engine_error',
    says: /KMS is not allowed/,
  },
  {
    name: 'no task gets capacity',
    decide: () => misstarts('Capacity is unavailable at this time. Please try again later or in a different availability zone', Infinity),
    code: 'no_capacity',
    says: /Capacity is unavailable/,
  },
  {
    name: 'no network interface is left',
    decide: () => withoutTasks('(service x) was unable to place a task. Reason: RESOURCE:ENI.'),
    code: 'no_capacity',
    says: /RESOURCE:ENI/,
  },
  {
    name: 'the circuit breaker ends the first rollout',
    decide: () =>
      anyOf(({ operation }) => (operation === 'DescribeServices' ? rolloutState('FAILED', breaker) : 'pass'), withoutTasks('x')),
    code: 'engine_error',
    says: /circuit breaker/,
  },
];

describeWith(await emulatorMissing(), 'a deployment that AWS refuses [AWS-4]', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ repository: 'runlayer/default' });
  });
  afterAll(() => stage.close());

  /** With waits so short that their ends are met, and far shorter than the deadline of a rollout. */
  const refused = (decide: Decide): Provisioner =>
    createAwsProvisioner({ ...stage.options, ...short, requestHandler: intercept(decide).requestHandler });
  const short = { pollMs: 100, retryDelayMs: 8, settleTimeoutMs: 5000, healthTimeoutMs: 1500 };
  const free = (): Provisioner => createAwsProvisioner({ ...stage.options, pollMs: 100 });

  it.concurrent.each(deployActions)(
    'ends with a clear error where %s is denied (%s), and is destroyed once nothing is',
    async (operation, action) => {
      const spec = await lifeSpec(stage);
      const decide: Decide = (seen) => (seen.operation === operation ? denied(seen, action) : 'pass');
      await expect(applyAll(refused(decide), spec)).rejects.toMatchObject({
        code: 'ERR_AWS_DENIED',
        message: expect.stringContaining(action),
      });
      expect(await lookAt(stage, spec)).toMatchObject({ services: [], tasks: [] });
      expect(await destroy(free(), spec.deploymentId)).toEqual([]);
      expect(await lookAt(stage, spec)).toEqual(nothing);
    },
  );

  it.concurrent('serves though its log may not be read, which is shown for comfort only', async () => {
    const spec = await lifeSpec(stage);
    await serve(
      refused((seen) => (seen.operation === 'GetLogEvents' ? denied(seen, 'logs:GetLogEvents') : 'pass')),
      spec,
    );
    expect(await destroy(free(), spec.deploymentId)).toEqual([]);
  });

  it.concurrent('destroyed while one call after the other is denied, says which, and ends once none is', async () => {
    const spec = await lifeSpec(stage);
    await serve(free(), spec);
    for (const [operation, action] of destroyActions) {
      const decide: Decide = (seen) => (seen.operation === operation ? denied(seen, action) : 'pass');
      await expect(destroy(refused(decide), spec.deploymentId), operation).rejects.toMatchObject({
        code: 'ERR_AWS_DENIED',
        message: expect.stringContaining(action),
      });
    }
    expect(await destroy(free(), spec.deploymentId)).toEqual([]);
    expect(await lookAt(stage, spec)).toEqual(nothing);
  });

  it.concurrent.each(errors)('ends with a clear error where $name', async ({ decide, code, says }) => {
    const spec = await lifeSpec(stage);
    await expect(applyAll(refused(decide), spec)).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
    expect(await lookAt(stage, spec)).toMatchObject({ services: [], tasks: [] });
    expect(await destroy(free(), spec.deploymentId)).toEqual([]);
    expect(await lookAt(stage, spec)).toEqual(nothing);
  });

  it.concurrent.each(failures)(
    'fails with its cause where $name, and leaves neither service nor secret nor revision [PLAT-4]',
    async ({ decide, code, says }) => {
      const spec = await lifeSpec(stage);
      const began = performance.now();
      const failure = await failureOf(refused(decide()), spec);
      expect(failure).toMatchObject({ code, message: expect.stringMatching(says) });
      expect(performance.now() - began).toBeLessThan(stage.context.options.rolloutTimeoutMs / 2);
      expect(await lookAt(stage, spec)).toMatchObject({ services: [], tasks: [], secrets: [], definition: undefined, otherRevisions: 0 });
      expect((await lookAt(stage, spec)).roles).toHaveLength(2);
      expect(await destroy(free(), spec.deploymentId)).toEqual([]);
      expect(await lookAt(stage, spec)).toEqual(nothing);
    },
  );

  it.concurrent('goes on serving the former release where no task of the next one can be placed [PLAT-4]', async () => {
    const spec = await lifeSpec(stage);
    await serve(free(), spec);
    const before = await lookAt(stage, spec);
    const decide: Decide = ({ operation }) =>
      operation === 'RunTask' ? rewriting(() => ({ tasks: [], failures: [{ reason: 'RESOURCE:ENI' }] })) : 'pass';
    const events = await applyAll(refused(decide), next(spec, { secrets: { TOKEN: 'another' } }));
    expect(events.at(-1)).toMatchObject({ type: 'failed', failure: { code: 'no_capacity' }, stillServing: spec.releaseId });
    expect(await lookAt(stage, spec)).toEqual(before);
    expect(await destroy(free(), spec.deploymentId)).toEqual([]);
  });

  // Last in the file, and not at the same time as any other.
  it('leaves nothing of any deployment in the account', async () => {
    expect(await leftovers(stage.context)).toEqual([]);
  });
});
