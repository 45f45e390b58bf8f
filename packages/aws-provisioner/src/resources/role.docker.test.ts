// Roles on an emulator, looked at with the bare SDK: made, corrected in place, never replaced, and removed with all that hangs on them.
import { randomUUID } from 'node:crypto';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMinistack, startMoto } from '../../fixtures/emulator.ts';
import { intercept, refusal } from '../../fixtures/interception.ts';
import { contextOf, credentials, platformOptions } from '../../fixtures/platform.ts';
import type { AwsContext } from '../calls/context.ts';
import type { AwsProvisionerOptions } from '../options.ts';
import { ensureExecutionRole, removeExecutionRole } from './execution-role.ts';
import { ensureTaskRole, readTaskRole, removeTaskRole, taskRoleChanges } from './task-role.ts';

const declared = 'arn:aws:iam::222233334444:role/customer';
const anything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

describeWith(await emulatorMissing(), 'the roles of a deployment', () => {
  it.each([
    ['ministack', startMinistack],
    ['moto', startMoto],
  ])('on %s go through a whole life with one id [AWS-1]', async (_name, start) => {
    const emulator = await start();
    try {
      const ctx = contextOf(await platformOptions(emulator));
      const deploymentId = randomUUID();
      const first = await ensureTaskRole(ctx, { deploymentId, assumeRoles: [declared], tableArn: 'arn:aws:dynamodb:us-east-1:1:table/t' });
      expect(first.arn).toContain(':role/runlayer/default/');
      await ensureExecutionRole(ctx, { deploymentId, repositoryArns: [] });
      const second = await ensureTaskRole(ctx, { deploymentId, assumeRoles: [] });
      expect([second.id, second.arn]).toEqual([first.id, first.arn]);
      expect((await readTaskRole(ctx, deploymentId))?.policies).toEqual({});
      await removeExecutionRole(ctx, deploymentId);
      await removeTaskRole(ctx, deploymentId);
      await removeTaskRole(ctx, deploymentId);
      expect(await readTaskRole(ctx, deploymentId)).toBeUndefined();
    } finally {
      await emulator.stop();
    }
  });
});

describeWith(await emulatorMissing(), 'a task role', () => {
  let emulator: Emulator;
  let options: AwsProvisionerOptions;
  let ctx: AwsContext;
  let iam: IAMClient;
  beforeAll(async () => {
    emulator = await startMinistack();
    options = await platformOptions(emulator);
    ctx = contextOf(options);
    iam = new IAMClient({ region: 'us-east-1', endpoint: emulator.endpoint, credentials });
  });
  afterAll(() => emulator.stop());

  const nameOf = (deploymentId: string): { RoleName: string } => ({ RoleName: ctx.names(deploymentId).taskRole });

  it.each([
    [
      'with a policy that nobody wants',
      'policies.extra',
      new PutRolePolicyCommand({ RoleName: '', PolicyName: 'extra', PolicyDocument: JSON.stringify(anything) }),
    ],
    [
      'that may do more than is declared',
      'policies.assume-roles',
      new PutRolePolicyCommand({ RoleName: '', PolicyName: 'assume-roles', PolicyDocument: JSON.stringify(anything) }),
    ],
    [
      'that others may take on',
      'trust',
      new UpdateAssumeRolePolicyCommand({
        RoleName: '',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
        }),
      }),
    ],
  ])('%s is corrected in place, and once only [AWS-1]', async (_name, change, drift) => {
    const wanted = { deploymentId: randomUUID(), assumeRoles: [declared] };
    const { id } = await ensureTaskRole(ctx, wanted);
    drift.input.RoleName = nameOf(wanted.deploymentId).RoleName;
    await iam.send(drift as PutRolePolicyCommand);
    expect(await taskRoleChanges(ctx, await readTaskRole(ctx, wanted.deploymentId), wanted)).toEqual([change]);
    await ensureTaskRole(ctx, wanted);
    const role = await readTaskRole(ctx, wanted.deploymentId);
    expect(role?.id).toBe(id);
    expect(await taskRoleChanges(ctx, role, wanted)).toEqual([]);
    const calls = intercept(() => 'pass');
    await ensureTaskRole(contextOf({ ...options, requestHandler: calls.requestHandler }), wanted);
    expect(calls.tries.filter(({ isMutating }) => isMutating)).toEqual([]);
  });

  it('gets the boundary that is set later, keeps its id, and keeps the boundary when none is set any more', async () => {
    const { Policy: boundary } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'boundary', PolicyDocument: JSON.stringify(anything) }),
    );
    const wanted = { deploymentId: randomUUID(), assumeRoles: [] };
    const { id } = await ensureTaskRole(ctx, wanted);
    await ensureTaskRole(contextOf({ ...options, permissionsBoundary: boundary?.Arn }), wanted);
    await ensureTaskRole(ctx, wanted);
    const { Role: role } = await iam.send(new GetRoleCommand(nameOf(wanted.deploymentId)));
    expect([role?.RoleId, role?.PermissionsBoundary?.PermissionsBoundaryArn]).toEqual([id, boundary?.Arn]);
  });

  it('of somebody else is neither changed nor removed', async () => {
    const deploymentId = randomUUID();
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    await iam.send(new CreateRoleCommand({ ...nameOf(deploymentId), AssumeRolePolicyDocument: policy }));
    await expect(ensureTaskRole(ctx, { deploymentId, assumeRoles: [declared] })).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
    await expect(removeTaskRole(ctx, deploymentId)).rejects.toThrow(ctx.names(deploymentId).taskRole);
    expect((await iam.send(new ListRolePoliciesCommand(nameOf(deploymentId)))).PolicyNames).toEqual([]);
  });

  it('is removed with what others attached to it', async () => {
    const deploymentId = randomUUID();
    await ensureTaskRole(ctx, { deploymentId, assumeRoles: [declared] });
    const { Policy: attached } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'attached', PolicyDocument: JSON.stringify(anything) }),
    );
    await iam.send(new AttachRolePolicyCommand({ ...nameOf(deploymentId), PolicyArn: attached?.Arn }));
    await removeTaskRole(ctx, deploymentId);
    expect(await readTaskRole(ctx, deploymentId)).toBeUndefined();
  });

  it.each([
    ['EntityAlreadyExists after a lost answer', 'CreateRole', 'lost'],
    ['a role that IAM does not know yet', 'PutRolePolicy', refusal('NoSuchEntityException', 'The role with name r cannot be found.', 404)],
    ['a role that is still being written', 'PutRolePolicy', refusal('ConcurrentModificationException', 'Please try again.', 409)],
    ['a role that is locked for a moment', 'CreateRole', refusal('EntityTemporarilyUnmodifiableException', 'Please try again.', 409)],
  ] as const)('outlasts %s', async (_name, operation, fate) => {
    const wanted = { deploymentId: randomUUID(), assumeRoles: [declared] };
    const times = fate === 'lost' ? 1 : 3;
    const calls = intercept((seen, before) => {
      const isDue = seen.operation === operation && before.filter((one) => one.operation === operation).length < times;
      if (!isDue) return 'pass';
      return fate === 'lost' ? 'lost' : { refuse: fate };
    });
    const role = await ensureTaskRole(contextOf({ ...options, requestHandler: calls.requestHandler }), wanted);
    expect(await readTaskRole(ctx, wanted.deploymentId)).toMatchObject({
      id: role.id,
      policies: { 'assume-roles': expect.any(String) as string },
    });
  });
});
