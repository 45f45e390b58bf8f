// The bootstrap on both emulators: each test has an environment of its own in one account.
import { CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
} from '@aws-sdk/client-ecr';
import { CreateClusterCommand, DescribeClustersCommand, UpdateClusterSettingsCommand } from '@aws-sdk/client-ecs';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  GetPolicyCommand,
  GetRoleCommand,
  ListPolicyVersionsCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  SetDefaultPolicyVersionCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BootstrapStage, openBootstrapStage } from '../../fixtures/bootstrap-stage.ts';
import { mutationsOf } from '../../fixtures/death.ts';
import { type Emulator, emulatorMissing, startMinistack } from '../../fixtures/emulator.ts';
import { intercept } from '../../fixtures/interception.ts';
import { makeNetwork } from '../../fixtures/network.ts';
import { contextOf } from '../../fixtures/platform.ts';
import { platformNamesOf } from '../platform-names.ts';
import { applyBootstrap, planBootstrap } from './bootstrap.ts';
import type { BootstrapOptions } from './bootstrap-options.ts';
import type { BootstrapPlan } from './bootstrap-plan.ts';

const trust = (principal: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }] });
const anything = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const actionsOf = ({ steps }: BootstrapPlan): string[] => steps.map(({ resource, action }) => `${resource}: ${action}`);
const changesOf = ({ steps }: BootstrapPlan): string[] =>
  steps.filter(({ action }) => action === 'change').flatMap(({ details }) => details);

const made = ['cluster', 'proxy-security-group', 'permissions-boundary', 'image-repository', 'push-role'];
const creations = [
  'CreateCluster',
  'CreateSecurityGroup',
  'CreatePolicy',
  'CreateRepository',
  'PutLifecyclePolicy',
  'CreateRole',
  'PutRolePolicy',
];

// moto makes the service-linked roles as AWS does; ministack gives both the same name. moto runs no tasks, which nobody needs here.
describeWith(await emulatorMissing(), 'the bootstrap', () => {
  let stage: BootstrapStage;
  let clients: BootstrapStage['clients'];
  beforeAll(async () => {
    stage = await openBootstrapStage();
    ({ clients } = stage);
  });
  afterAll(() => stage.close());
  const fresh: BootstrapStage['fresh'] = (more) => stage.fresh(more);

  it('plans by reading, makes everything in one run, and makes no mutating call in the next', async () => {
    const calls = intercept(() => 'pass');
    const options = fresh({ requestHandler: calls.requestHandler });
    const plan = await planBootstrap(options);
    expect(mutationsOf(calls)).toEqual([]);
    expect(actionsOf(plan)).toEqual(['service-linked-role: none', ...made.map((resource) => `${resource}: create`)]);

    const told: string[] = [];
    const done = await applyBootstrap(options, ({ name }) => told.push(name));
    expect(done.steps).toEqual(plan.steps);
    expect(told).toEqual(plan.steps.map(({ name }) => name));
    expect(mutationsOf(calls)).toEqual(creations);

    const again = await applyBootstrap(options);
    expect(mutationsOf(calls)).toEqual(creations);
    expect(again.steps.map(({ action }) => action)).toEqual(again.steps.map(() => 'none'));
    expect(again.outputs).toEqual(done.outputs);
    expect(await planBootstrap(options)).toEqual(again);
  });

  it('makes what the settings of the server name', async () => {
    const { environment, ...options } = fresh();
    const names = platformNamesOf(environment);
    const { outputs, ...where } = await applyBootstrap({ ...options, environment });
    expect(where).toMatchObject({
      account: stage.account,
      region: 'us-east-1',
      environment,
      vpc: stage.place.vpc,
      subnets: stage.place.subnets,
    });
    const { SecurityGroups: [group] = [] } = await clients.ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [outputs.proxySecurityGroup ?? ''] }),
    );
    expect(group).toMatchObject({ GroupName: names.proxySecurityGroup, VpcId: stage.place.vpc, IpPermissions: [] });
    const policy = await clients.iam.send(new GetPolicyCommand({ PolicyArn: outputs.permissionsBoundary }));
    expect(policy.Policy?.Path).toBe(names.path);
    const role = await clients.iam.send(new GetRoleCommand({ RoleName: names.pushRole }));
    expect(role.Role).toMatchObject({ Arn: outputs.pushRole, Path: names.path });
    const { repositories: [repository] = [] } = await clients.ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: [outputs.repository] }),
    );
    expect(repository).toMatchObject({
      imageTagMutability: 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'AES256' },
    });
    const { lifecyclePolicyText = '' } = await clients.ecr.send(new GetLifecyclePolicyCommand({ repositoryName: outputs.repository }));
    expect(JSON.parse(lifecyclePolicyText)).toMatchObject({
      rules: [{ selection: { tagStatus: 'untagged', countNumber: 7 }, action: { type: 'expire' } }],
    });
  });

  it('makes the service-linked roles where the account has none, that of scaling only where it scales', async () => {
    for (const service of ['ecs.amazonaws.com', 'ecs.application-autoscaling.amazonaws.com']) {
      const { Roles } = await clients.iam.send(new ListRolesCommand({ PathPrefix: `/aws-service-role/${service}/` }));
      expect(Roles).toHaveLength(1);
    }
    const linked = ({ steps }: BootstrapPlan): number => steps.filter(({ resource }) => resource === 'service-linked-role').length;
    expect(linked(await planBootstrap(fresh({ scaling: true })))).toBe(2);
    expect(linked(await planBootstrap(fresh({ scaling: false })))).toBe(1);
  });

  type Names = ReturnType<typeof platformNamesOf>;
  const versionOf = (PolicyArn: string): Promise<unknown> =>
    clients.iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: anything, SetAsDefault: true }));
  it.each<[string, string, (names: Names, outputs: BootstrapPlan['outputs']) => Promise<unknown>]>([
    ['the boundary allows more', 'what it allows', (_names, { permissionsBoundary }) => versionOf(permissionsBoundary)],
    [
      'the push role lets in somebody else',
      'who may take it on',
      ({ pushRole }) => clients.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: pushRole, PolicyDocument: trust({ AWS: '*' }) })),
    ],
    [
      'the push role may do more',
      'what it may do',
      ({ pushRole }) => clients.iam.send(new PutRolePolicyCommand({ RoleName: pushRole, PolicyName: 'push', PolicyDocument: anything })),
    ],
    [
      'the push role has another policy',
      'has the policy more',
      ({ pushRole }) => clients.iam.send(new PutRolePolicyCommand({ RoleName: pushRole, PolicyName: 'more', PolicyDocument: anything })),
    ],
    [
      'the push role has a managed policy',
      'has the policy arn:aws:iam::123456789012:policy/theirs',
      async ({ pushRole }) => {
        const { Policy } = await clients.iam.send(new CreatePolicyCommand({ PolicyName: 'theirs', PolicyDocument: anything }));
        return clients.iam.send(new AttachRolePolicyCommand({ RoleName: pushRole, PolicyArn: Policy?.Arn }));
      },
    ],
    [
      'tags of the repository cannot move',
      'tags cannot move',
      ({ repository: repositoryName }) =>
        clients.ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' })),
    ],
    [
      'images are not scanned',
      'images are not scanned',
      ({ repository: repositoryName }) =>
        clients.ecr.send(new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration: { scanOnPush: false } })),
    ],
    [
      'untagged images stay',
      'what it drops',
      ({ repository: repositoryName }) => clients.ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName })),
    ],
  ])('corrects in place when %s', async (_name, difference, disturb) => {
    const options = fresh();
    const { outputs } = await applyBootstrap(options);
    await disturb(platformNamesOf(options.environment), outputs);
    expect(changesOf(await planBootstrap(options))).toEqual([difference]);
    expect(changesOf(await applyBootstrap(options))).toEqual([difference]);
    expect(changesOf(await planBootstrap(options))).toEqual([]);
  });

  it('keeps within the five versions that IAM gives a policy', async () => {
    const options = fresh();
    const { outputs } = await applyBootstrap(options);
    const PolicyArn = outputs.permissionsBoundary;
    const versions = async (): Promise<string[]> =>
      ((await clients.iam.send(new ListPolicyVersionsCommand({ PolicyArn }))).Versions ?? []).map(({ VersionId = '' }) => VersionId).sort();
    for (let change = 0; change < 2; change += 1) {
      await versionOf(PolicyArn);
      await applyBootstrap(options);
    }
    expect(await versions()).toEqual(['v1', 'v2', 'v3', 'v4', 'v5']);
    await clients.iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    expect(changesOf(await applyBootstrap(options))).toEqual(['what it allows']);
    expect(await versions()).toEqual(['v2', 'v3', 'v4', 'v5', 'v6']);
    expect(changesOf(await planBootstrap(options))).toEqual([]);
  });

  it.each<[string, (names: Names) => Promise<unknown>]>([
    ['cluster', ({ cluster: clusterName }) => clients.ecs.send(new CreateClusterCommand({ clusterName }))],
    [
      'security group',
      ({ proxySecurityGroup: GroupName }) =>
        clients.ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: 'theirs', VpcId: stage.place.vpc })),
    ],
    [
      'policy',
      ({ boundary: PolicyName, path: Path }) => clients.iam.send(new CreatePolicyCommand({ PolicyName, Path, PolicyDocument: anything })),
    ],
    ['repository', ({ repository: repositoryName }) => clients.ecr.send(new CreateRepositoryCommand({ repositoryName }))],
    [
      'role',
      ({ pushRole: RoleName }) =>
        clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust({ Service: 'ecs-tasks.amazonaws.com' }) })),
    ],
  ])('refuses a %s of somebody else, before it makes anything', async (kind, occupy) => {
    const calls = intercept(() => 'pass');
    const options = fresh({ requestHandler: calls.requestHandler });
    await occupy(platformNamesOf(options.environment));
    const refusal = {
      code: 'ERR_AWS_FOREIGN_OWNER',
      message: expect.stringMatching(new RegExp(`The ${kind} .* does not carry the tags of this installation`)) as string,
    };
    await expect(planBootstrap(options)).rejects.toMatchObject(refusal);
    await expect(applyBootstrap(options)).rejects.toMatchObject(refusal);
    expect(mutationsOf(calls)).toEqual([]);
  });

  it('refuses to share roles and policies with an installation of the same name in another region', async () => {
    const options = fresh();
    await applyBootstrap(options);
    const { clients: elsewhere } = contextOf({ ...stage.place, region: 'eu-central-1', cluster: 'none', proxySecurityGroup: 'none' });
    const vpc = (await elsewhere.ec2.send(new CreateVpcCommand({ CidrBlock: '10.40.0.0/16' }))).Vpc?.VpcId ?? '';
    const { Subnet } = await elsewhere.ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.40.1.0/24' }));
    const there = { ...options, region: 'eu-central-1', vpc, subnets: [Subnet?.SubnetId ?? ''] };
    await expect(applyBootstrap(there)).rejects.toMatchObject({
      code: 'ERR_AWS_FOREIGN_OWNER',
      message: expect.stringContaining('belongs to an installation of the same name in us-east-1') as string,
    });
    expect((await planBootstrap({ ...there, environment: `${options.environment}-b` })).account).toBe(stage.account);
    expect(changesOf(await planBootstrap(options))).toEqual([]);
  });

  it('takes nothing of a deployment for its own', async () => {
    const options = fresh();
    const tags = { 'managed-by': 'runlayer', 'runlayer:environment': options.environment, 'runlayer:deployment-id': crypto.randomUUID() };
    const { cluster: clusterName } = platformNamesOf(options.environment);
    await clients.ecs.send(new CreateClusterCommand({ clusterName, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) }));
    await expect(planBootstrap(options)).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
  });

  it.each<[string, string, Partial<BootstrapOptions>]>([
    ['another account', 'ERR_AWS_ACCOUNT', { account: '999988887777' }],
    ['a subnet of another VPC', 'ERR_AWS_PLATFORM', { vpc: 'vpc-00000000' }],
    ['a subnet that is not there', 'ERR_AWS_PLATFORM', { subnets: ['subnet-00000000'] }],
    ['no subnet', 'ERR_AWS_OPTIONS', { subnets: [] }],
  ])('refuses %s with a code', async (_name, code, wrong) => {
    await expect(planBootstrap(fresh(wrong))).rejects.toMatchObject({ code });
    await expect(applyBootstrap(fresh(wrong))).rejects.toMatchObject({ code });
  });
});

describeWith(await emulatorMissing(), 'the bootstrap on the emulator whose tasks are real', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startMinistack();
  });
  afterAll(() => emulator.stop());

  it('is done after one run there too', async () => {
    const options = { ...(await makeNetwork(emulator)), scaling: false };
    const first = await applyBootstrap(options);
    expect(first.steps.map(({ action }) => action)).toEqual(first.steps.map(() => 'create'));
    const again = await applyBootstrap(options);
    expect(again.steps.map(({ action }) => action)).toEqual(again.steps.map(() => 'none'));
  });

  it('switches Container Insights on where services scale, and leaves them alone where they do not', async () => {
    const options = { ...(await makeNetwork(emulator)), environment: 'insights', scaling: false };
    const { clients } = contextOf({ ...options, cluster: 'none', proxySecurityGroup: 'none' });
    const { cluster } = platformNamesOf(options.environment);
    // Both service-linked roles would get one name here, so the one of scaling is there beforehand.
    const Path = '/aws-service-role/ecs.application-autoscaling.amazonaws.com/';
    const AssumeRolePolicyDocument = trust({ Service: 'ecs.application-autoscaling.amazonaws.com' });
    await clients.iam.send(new CreateRoleCommand({ RoleName: 'scaling', Path, AssumeRolePolicyDocument }));
    await applyBootstrap(options);
    expect(changesOf(await applyBootstrap({ ...options, scaling: true }))).toEqual(['Container Insights are off']);
    const { clusters: [found] = [] } = await clients.ecs.send(new DescribeClustersCommand({ clusters: [cluster], include: ['SETTINGS'] }));
    expect(found?.settings).toEqual([{ name: 'containerInsights', value: 'enabled' }]);
    for (const scaling of [true, false]) expect(changesOf(await planBootstrap({ ...options, scaling }))).toEqual([]);
    const settings = [{ name: 'containerInsights', value: 'enhanced' }] as const;
    await clients.ecs.send(new UpdateClusterSettingsCommand({ cluster, settings: [...settings] }));
    expect(changesOf(await planBootstrap({ ...options, scaling: true }))).toEqual([]);
  });
});
