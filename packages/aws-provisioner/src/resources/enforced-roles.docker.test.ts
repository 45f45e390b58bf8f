// The policies at work, on an emulator that enforces them: who gets into a customer's role, and what a task role may do with tables.
import { randomUUID } from 'node:crypto';
import { DeleteTableCommand, DynamoDBClient, GetItemCommand, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMinistack } from '../../fixtures/emulator.ts';
import { contextOf, platformOptions } from '../../fixtures/platform.ts';
import type { AwsContext } from '../context.ts';
import { customerTrustPolicy } from '../policies/customer-trust-policy.ts';
import { type PolicyDocument, policyText } from '../policies/policy-document.ts';
import type { RoleState } from './role.ts';
import { ensureTable, tableArn } from './table.ts';
import { ensureTaskRole } from './task-role.ts';

interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const denied = { name: expect.stringMatching(/^AccessDenied/) as string };

describeWith(await emulatorMissing(), 'a task role where policies are enforced', () => {
  let emulator: Emulator;
  let ctx: AwsContext;
  const [own, other] = [randomUUID(), randomUUID()];
  const sessions = new Map<string, Session>();
  let customer: string;
  let undeclared: string;
  beforeAll(async () => {
    emulator = await startMinistack({ enforced: true });
    ctx = contextOf(await platformOptions(emulator));
    const account = await ctx.account();
    [customer, undeclared] = ['customer', 'undeclared'].map((name) => `arn:aws:iam::${account}:role/${name}`) as [string, string];
    const roles = new Map<string, string>();
    for (const deploymentId of [own, other]) {
      await ensureTable(ctx, deploymentId);
      const role = await ensureTaskRole(ctx, { deploymentId, assumeRoles: [customer], tableArn: await tableArn(ctx, deploymentId) });
      roles.set(deploymentId, role.arn);
      sessions.set(deploymentId, await sessionOf(role));
    }
    // What the customer pastes, for the one deployment.
    const trust = policyText(customerTrustPolicy({ taskRoleArn: roles.get(own) ?? '', deploymentId: own }));
    for (const RoleName of ['customer', 'undeclared']) {
      await ctx.clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    }
  });
  afterAll(() => emulator.stop());

  /** What ECS does for a task. The emulator does not, so the role lets the test in as well; ECS alone is what `ensureTaskRole` lets in. */
  async function sessionOf({ name, arn: RoleArn, trust }: RoleState): Promise<Session> {
    const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'task' });
    await expect(ctx.clients.sts.send(assume)).rejects.toMatchObject(denied);
    const { Version, Statement } = JSON.parse(decodeURIComponent(trust)) as PolicyDocument;
    const test = { Sid: 'Test', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${await ctx.account()}:root` }, Action: 'sts:AssumeRole' };
    const PolicyDocument = JSON.stringify({ Version, Statement: [...Statement, test] });
    await ctx.clients.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument }));
    const { Credentials: made } = await ctx.clients.sts.send(assume);
    return { accessKeyId: made?.AccessKeyId ?? '', secretAccessKey: made?.SecretAccessKey ?? '', sessionToken: made?.SessionToken ?? '' };
  }

  const configOf = (deploymentId: string): { region: string; endpoint: string; credentials: Session } => ({
    region: 'us-east-1',
    endpoint: emulator.endpoint,
    credentials: sessions.get(deploymentId) ?? { accessKeyId: '', secretAccessKey: '', sessionToken: '' },
  });

  it.each<[string, string, () => { RoleArn: string; ExternalId?: string }, boolean]>([
    ['with its id as External ID', own, () => ({ RoleArn: customer, ExternalId: own }), true],
    ['with another External ID', own, () => ({ RoleArn: customer, ExternalId: other }), false],
    ['without an External ID', own, () => ({ RoleArn: customer }), false],
    ['of another deployment, with the right External ID', other, () => ({ RoleArn: customer, ExternalId: own }), false],
    ['that does not declare the role', own, () => ({ RoleArn: undeclared, ExternalId: own }), false],
  ])('%s is let into a customer role, or refused [AWS-1, AWS-2, CFG-7]', async (_name, deploymentId, call, isLetIn) => {
    const entry = new STSClient(configOf(deploymentId)).send(new AssumeRoleCommand({ ...call(), RoleSessionName: 'customer' }));
    if (isLetIn) expect((await entry).Credentials?.SessionToken).toMatch(/./);
    else await expect(entry).rejects.toMatchObject(denied);
  });

  it('uses the items of its own table, and can do nothing to any other, nor to the table itself [AWS-1, CFG-6]', async () => {
    const dynamodb = new DynamoDBClient(configOf(own));
    const [mine, theirs] = [own, other].map((id) => ({ TableName: ctx.names(id).table }));
    const key = { pk: { S: 'a' }, sk: { S: 'b' } };
    await dynamodb.send(new PutItemCommand({ ...mine!, Item: key }));
    expect((await dynamodb.send(new GetItemCommand({ ...mine!, Key: key }))).Item).toEqual(key);
    await expect(dynamodb.send(new GetItemCommand({ ...theirs!, Key: key }))).rejects.toMatchObject(denied);
    await expect(dynamodb.send(new DeleteTableCommand(mine!))).rejects.toMatchObject(denied);
    await expect(dynamodb.send(new ListTablesCommand({}))).rejects.toMatchObject(denied);
  });
});
