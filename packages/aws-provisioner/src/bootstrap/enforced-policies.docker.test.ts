// The policies at work, on an emulator that enforces them: the bootstrap and the server each with nothing but their own, and roles within their bounds.
import { randomUUID } from 'node:crypto';
import { CreateLogGroupCommand, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { BatchDeleteImageCommand, DeleteRepositoryCommand, DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { CreateClusterCommand, DeleteClusterCommand } from '@aws-sdk/client-ecs';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { describeWith } from '@runlayer/test-services';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyAll, destroy, environmentOf, next, serve } from '../../fixtures/drive.ts';
import { emulatedPolicy } from '../../fixtures/emulated-policy.ts';
import { type Emulator, emulatorMissing, startMinistack } from '../../fixtures/emulator.ts';
import { buildServerImage, pushImage } from '../../fixtures/images.ts';
import { intercept } from '../../fixtures/interception.ts';
import { type EmptyPlace, makeNetwork } from '../../fixtures/network.ts';
import { contextOf } from '../../fixtures/platform.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { createAwsProvisioner } from '../aws-provisioner.ts';
import { createAwsRegistry } from '../aws-registry.ts';
import type { AwsClients } from '../calls/context.ts';
import { namesOf } from '../names.ts';
import type { AwsProvisionerOptions } from '../options.ts';
import { platformNamesOf } from '../platform-names.ts';
import { type PolicyDocument, policyText } from '../policies/policy-document.ts';
import { findDeployments } from '../refresh/find-deployments.ts';
import { applyBootstrap } from './bootstrap.ts';
import type { BootstrapPlan } from './bootstrap-plan.ts';
import { bootstrapPolicy } from './permissions/bootstrap-policy.ts';
import { serverPolicy } from './permissions/server-policy.ts';

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const denied = { name: expect.stringMatching(/^(AccessDenied|UnauthorizedOperation)/) as string };
const anything = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const key = { pk: { S: 'a' }, sk: { S: 'b' } };

describeWith(await emulatorMissing(), 'with policies enforced', () => {
  const docker = new Docker();
  const tag = `runlayer-test-enforced:${process.pid}-${Date.now()}`;
  let emulator: Emulator;
  let place: EmptyPlace;
  let root: AwsClients;
  let platform: BootstrapPlan;
  let server: AwsProvisionerOptions;
  let image: string;

  beforeAll(async () => {
    [emulator] = await Promise.all([startMinistack({ enforced: true }), buildServerImage(docker, tag)]);
    place = await makeNetwork(emulator);
    root = clientsOf(place.credentials);
    const account = await contextOf({ ...place, cluster: 'none', proxySecurityGroup: 'none' }).account();
    const { document } = bootstrapPolicy({ region: place.region, account, vpc: place.vpc });
    platform = await applyBootstrap({ ...place, scaling: false, credentials: await userWith('bootstrap', [document]) });
    const documents = serverPolicy({ region: place.region, account, vpc: place.vpc }).map((policy) => policy.document);
    server = serverOptions(await userWith('server', documents));
    image = await pushImage(docker, emulator, tag, platform.outputs.repository);
  });
  afterAll(async () => {
    await emulator.stop();
    for (const name of [tag, image])
      await docker
        .getImage(name)
        .remove({ force: true })
        .catch(() => {});
  });

  /** A user with these policies and no other. */
  async function userWith(UserName: string, documents: readonly PolicyDocument[]): Promise<Credentials> {
    await root.iam.send(new CreateUserCommand({ UserName }));
    const cluster = `arn:aws:ecs:us-east-1:000000000000:cluster/${platformNamesOf('default').cluster}`;
    for (const [index, document] of documents.entries()) {
      const PolicyDocument = policyText(emulatedPolicy(document, cluster));
      const { Policy } = await root.iam.send(new CreatePolicyCommand({ PolicyName: `${UserName}-${index}`, PolicyDocument }));
      await root.iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy?.Arn }));
    }
    const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName }));
    return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  }

  function serverOptions(credentials: Credentials): AwsProvisionerOptions {
    const { cluster, proxySecurityGroup = '', permissionsBoundary, pushRole } = platform.outputs;
    const waits = { pollMs: 50, healthTimeoutMs: 10_000, graceMs: 500, rolloutTimeoutMs: 60_000, settleTimeoutMs: 30_000, stopSeconds: 2 };
    const own = { cluster, proxySecurityGroup, permissionsBoundary, pushRole, registryHost: emulator.registryHost };
    return { ...place, ...own, ...waits, credentials, scaling: false, keepLogs: false };
  }

  function clientsOf(credentials: Credentials): AwsClients {
    return contextOf({ ...place, credentials, cluster: 'none', proxySecurityGroup: 'none', maxAttempts: 1 }).clients;
  }

  describe('the policy of the server', () => {
    it('is enough to take images in: the repository, credentials to push, and what a tag points at', async () => {
      const registry = createAwsRegistry(server);
      const repository = await registry.repository();
      expect(repository).toBe(`${emulator.registryHost}/${platform.outputs.repository}`);
      expect(await registry.credentials()).toMatchObject({ username: 'AWS', password: expect.stringMatching(/./) as string });
      expect(await registry.resolve(`${repository}:latest`)).toMatchObject({ image });
    });

    it('is enough for the whole life of a deployment, and makes no call that is denied [AWS-1, CFG-6]', async () => {
      const denials: string[] = [];
      // Some refusals are taken for an answer, so they are looked for where they come in.
      const calls = intercept(({ operation }) => ({
        rewrite: (body) => {
          if (/AccessDenied|not authorized/i.test(body)) denials.push(operation);
          return body;
        },
      }));
      const provisioner = createAwsProvisioner({ ...server, requestHandler: calls.requestHandler });
      const assumeRoles = { BILLING: 'arn:aws:iam::111122223333:role/billing' };
      const spec = testSpec(image, { database: true, assumeRoles, secrets: { TOKEN: 'first-value' } });
      expect(await environmentOf(await serve(provisioner, spec))).toMatchObject({ TOKEN: 'first-value' });
      expect((await provisioner.plan(spec)).action).toBe('none');
      const changed = next(spec, { secrets: { TOKEN: 'second-value' }, assumeRoles: {} });
      expect((await provisioner.plan(changed)).action).toBe('replace');
      expect(await environmentOf(await serve(provisioner, changed))).toMatchObject({ TOKEN: 'second-value' });
      expect(await provisioner.status(spec.deploymentId)).toMatchObject({ state: 'serving' });
      const lines: string[] = [];
      for await (const { line } of provisioner.logs(spec.deploymentId)) lines.push(line);
      expect(lines.length).toBeGreaterThan(0);
      const found: string[] = [];
      for await (const { deploymentId } of findDeployments(server)) found.push(deploymentId);
      expect(found).toEqual([spec.deploymentId]);
      expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
      expect(calls.tries.length).toBeGreaterThan(50);
      expect(denials).toEqual([]);
    });

    const theirs = namesOf('other', randomUUID());
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
    });
    const schema: Omit<CreateTableCommandInput, 'TableName'> = { AttributeDefinitions: [], KeySchema: [], BillingMode: 'PAY_PER_REQUEST' };
    it.each<[string, (clients: AwsClients) => Promise<unknown>]>([
      [
        'makes no role of another environment',
        ({ iam }) => iam.send(new CreateRoleCommand({ RoleName: theirs.taskRole, AssumeRolePolicyDocument: trust })),
      ],
      [
        'makes no role of another name',
        ({ iam }) => iam.send(new CreateRoleCommand({ RoleName: 'admin', AssumeRolePolicyDocument: trust })),
      ],
      ['reads no role of another name', ({ iam }) => iam.send(new GetRoleCommand({ RoleName: 'admin' }))],
      [
        'attaches no managed policy',
        ({ iam }) =>
          iam.send(
            new AttachRolePolicyCommand({
              RoleName: namesOf('default', randomUUID()).taskRole,
              PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
            }),
          ),
      ],
      [
        'gives the push role nothing',
        ({ iam }) =>
          iam.send(new PutRolePolicyCommand({ RoleName: platformNamesOf('default').pushRole, PolicyName: 'x', PolicyDocument: anything })),
      ],
      [
        'lets nobody into the push role',
        ({ iam }) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: platformNamesOf('default').pushRole, PolicyDocument: trust })),
      ],
      [
        'widens no boundary',
        ({ iam }) =>
          iam.send(
            new CreatePolicyVersionCommand({
              PolicyArn: platform.outputs.permissionsBoundary,
              PolicyDocument: anything,
              SetAsDefault: true,
            }),
          ),
      ],
      ['makes no user', ({ iam }) => iam.send(new CreateUserCommand({ UserName: 'me' }))],
      ['makes no keys', ({ iam }) => iam.send(new CreateAccessKeyCommand({ UserName: 'bootstrap' }))],
      [
        'takes on no role but the one to push',
        ({ sts }) => sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::000000000000:role/admin', RoleSessionName: 'x' })),
      ],
      [
        'makes no table of another environment',
        ({ dynamodb }) => dynamodb.send(new CreateTableCommand({ TableName: theirs.table, ...schema })),
      ],
      ['deletes no table of another environment', ({ dynamodb }) => dynamodb.send(new DeleteTableCommand({ TableName: theirs.table }))],
      [
        'reads no items, not even of its own deployments',
        ({ dynamodb }) => dynamodb.send(new GetItemCommand({ TableName: namesOf('default', randomUUID()).table, Key: key })),
      ],
      [
        'reads no secret of another environment',
        ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: `${theirs.secretPrefix}r` })),
      ],
      ['makes no secret of another name', ({ secrets }) => secrets.send(new CreateSecretCommand({ Name: 'theirs', SecretString: 'x' }))],
      ['makes no log group of another environment', ({ logs }) => logs.send(new CreateLogGroupCommand({ logGroupName: theirs.logGroup }))],
      [
        'deletes no log group of another environment',
        ({ logs }) => logs.send(new DeleteLogGroupCommand({ logGroupName: theirs.logGroup })),
      ],
      [
        'looks into no repository of another environment',
        ({ ecr }) => ecr.send(new DescribeImagesCommand({ repositoryName: platformNamesOf('other').repository })),
      ],
      [
        'deletes no image of another repository',
        ({ ecr }) => ecr.send(new BatchDeleteImageCommand({ repositoryName: 'theirs', imageIds: [{ imageTag: 'x' }] })),
      ],
      [
        'deletes no repository, not even its own',
        ({ ecr }) => ecr.send(new DeleteRepositoryCommand({ repositoryName: platform.outputs.repository })),
      ],
      ['makes no cluster', ({ ecs }) => ecs.send(new CreateClusterCommand({ clusterName: 'theirs' }))],
      ['deletes no cluster, not even its own', ({ ecs }) => ecs.send(new DeleteClusterCommand({ cluster: platform.outputs.cluster }))],
      ['starts no machine', ({ ec2 }) => ec2.send(new RunInstancesCommand({ ImageId: 'ami-1', MinCount: 1, MaxCount: 1 }))],
    ])('%s', async (_name, call) => {
      await expect(call(clientsOf(server.credentials as Credentials))).rejects.toMatchObject(denied);
    });
  });

  describe('the permissions boundary', () => {
    const own = namesOf('default', randomUUID());
    const theirs = namesOf('other', randomUUID());
    let role: AwsClients;

    beforeAll(async () => {
      const account = { Sid: 'Test', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'sts:AssumeRole' };
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [account] });
      const PermissionsBoundary = platform.outputs.permissionsBoundary;
      await root.iam.send(new CreateRoleCommand({ RoleName: own.taskRole, AssumeRolePolicyDocument, PermissionsBoundary }));
      await root.iam.send(new PutRolePolicyCommand({ RoleName: own.taskRole, PolicyName: 'all', PolicyDocument: anything }));
      await root.iam.send(new CreateRoleCommand({ RoleName: 'trusting', AssumeRolePolicyDocument }));
      role = clientsOf(await sessionOf(`arn:aws:iam::000000000000:role/${own.taskRole}`));
      for (const TableName of [own.table, theirs.table]) {
        const keys = ['pk', 'sk'].map((AttributeName, index) => ({
          AttributeName,
          KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
        }));
        const AttributeDefinitions = keys.map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' as const }));
        await root.dynamodb.send(
          new CreateTableCommand({ TableName, KeySchema: keys, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' }),
        );
      }
    });

    it('lets a role that may do anything use items of a table of its environment [AWS-1, CFG-6]', async () => {
      await role.dynamodb.send(new PutItemCommand({ TableName: own.table, Item: key }));
      expect((await role.dynamodb.send(new GetItemCommand({ TableName: own.table, Key: key }))).Item).toEqual(key);
    });

    it.each<[string, (clients: AwsClients) => Promise<unknown>]>([
      ['items of another environment', ({ dynamodb }) => dynamodb.send(new GetItemCommand({ TableName: theirs.table, Key: key }))],
      ['the table itself', ({ dynamodb }) => dynamodb.send(new DeleteTableCommand({ TableName: own.table }))],
      ['roles', ({ iam }) => iam.send(new CreateRoleCommand({ RoleName: 'x', AssumeRolePolicyDocument: anything }))],
      [
        'a role of the own account that trusts the account',
        ({ sts }) => sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::000000000000:role/trusting', RoleSessionName: 'x' })),
      ],
      ['the push role', ({ sts }) => sts.send(new AssumeRoleCommand({ RoleArn: platform.outputs.pushRole, RoleSessionName: 'x' }))],
      ['tasks', ({ ecs }) => ecs.send(new CreateClusterCommand({ clusterName: 'x' }))],
    ])('keeps it from %s [AWS-1]', async (_name, call) => {
      await expect(call(role)).rejects.toMatchObject(denied);
    });
  });

  it('the push role looks at images of its repository, and does nothing else', async () => {
    const push = clientsOf(await sessionOf(platform.outputs.pushRole));
    await expect(push.ecr.send(new DeleteRepositoryCommand({ repositoryName: platform.outputs.repository }))).rejects.toMatchObject(denied);
    await expect(push.iam.send(new CreateUserCommand({ UserName: 'x' }))).rejects.toMatchObject(denied);
    await expect(push.dynamodb.send(new DeleteTableCommand({ TableName: 'x' }))).rejects.toMatchObject(denied);
    await expect(push.ecs.send(new CreateClusterCommand({ clusterName: 'x' }))).rejects.toMatchObject(denied);
  });

  it('without the policy of the server, deploying ends with what is denied', async () => {
    const provisioner = createAwsProvisioner(serverOptions(await userWith('nobody', [])));
    await expect(applyAll(provisioner, testSpec(image))).rejects.toMatchObject({ code: 'ERR_AWS_DENIED' });
  });

  async function sessionOf(RoleArn: string): Promise<Credentials> {
    const { Credentials: made } = await root.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
    return { accessKeyId: made?.AccessKeyId ?? '', secretAccessKey: made?.SecretAccessKey ?? '', sessionToken: made?.SessionToken ?? '' };
  }
});
