// What the server asks of AWS beside deployments: whether it can be used at all, and what clients push with.
import { CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs';
import { type Emulator, emulatorMissing, startMinistack } from '@runlayer/aws-provisioner/testing/emulator';
import { describeWith } from '@runlayer/test-services';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { readSettings } from '../settings/read-settings.ts';
import { awsTarget } from './aws-target.ts';
import type { Target } from './target.ts';

describeWith(await emulatorMissing(), 'the target AWS', () => {
  let emulator: Emulator;
  let needed: Record<string, string>;

  beforeAll(async () => {
    emulator = await startMinistack();
    const config = { region: 'us-east-1', endpoint: emulator.endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    const ec2 = new EC2Client(config);
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.20.0.0/16' }));
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.20.1.0/24' }));
    const group = await ec2.send(new CreateSecurityGroupCommand({ VpcId: Vpc?.VpcId, GroupName: 'proxy', Description: 'The proxy.' }));
    await new ECSClient(config).send(new CreateClusterCommand({ clusterName: 'runlayer-default' }));
    await new ECRClient(config).send(new CreateRepositoryCommand({ repositoryName: 'runlayer/default' }));
    needed = {
      RUNLAYER_TARGET: 'aws',
      RUNLAYER_AWS_REGION: config.region,
      RUNLAYER_AWS_VPC: Vpc?.VpcId ?? '',
      RUNLAYER_AWS_SUBNETS: Subnet?.SubnetId ?? '',
      RUNLAYER_AWS_PROXY_SECURITY_GROUP: group.GroupId ?? '',
      RUNLAYER_AWS_ENDPOINT: emulator.endpoint,
    };
  });
  afterAll(() => emulator.stop());
  afterEach(() => vi.unstubAllEnvs());

  function open(changes: Readonly<Record<string, string>> = {}, accessKey = 'test'): Target {
    vi.stubEnv('AWS_ACCESS_KEY_ID', accessKey);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', accessKey);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    return awsTarget(readSettings({ ...needed, ...changes }));
  }

  it('can be used when credentials, account, cluster and subnets are right', async () => {
    await open().ping();
    await open({ RUNLAYER_AWS_ACCOUNT: '000000000000' }).ping();
  });

  it.each<[string, string, Record<string, string>, string?]>([
    ['credentials', 'ERR_AWS_CREDENTIALS', {}, ''],
    ['the right account', 'ERR_AWS_ACCOUNT', { RUNLAYER_AWS_ACCOUNT: '111122223333' }],
    ['its cluster', 'ERR_AWS_PLATFORM', { RUNLAYER_AWS_CLUSTER: 'another' }],
    ['its subnets', 'ERR_AWS_PLATFORM', { RUNLAYER_AWS_SUBNETS: 'subnet-0a1b2c' }],
    ['an answer', 'ERR_AWS_UNREACHABLE', { RUNLAYER_AWS_ENDPOINT: 'http://127.0.0.1:1' }],
  ])('without %s says so, soon enough for /ready', async (_what, code, changes, accessKey) => {
    const began = performance.now();
    await expect(open(changes, accessKey).ping()).rejects.toMatchObject({ code });
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('asks AWS once for all who ask within ten seconds', async () => {
    const target = open();
    await target.ping();
    const began = performance.now();
    for (let times = 0; times < 100; times += 1) await target.ping();
    expect(performance.now() - began).toBeLessThan(50);
  });

  it('gives credentials that end, for the repository of the installation [CLI-3]', async () => {
    const { registry } = open({ RUNLAYER_AWS_REGISTRY_HOST: emulator.registryHost });
    const told = await registry.credentials();
    expect(told).toMatchObject({
      username: 'AWS',
      password: expect.stringMatching(/./) as string,
      registry_url: emulator.registryHost,
      repository_url: `${emulator.registryHost}/runlayer/default`,
      deployment_mode: 'ECS',
    });
    // The published client refuses what ends within five minutes.
    expect(Date.parse(told.expires_at ?? '')).toBeGreaterThan(Date.now() + 300_000);
    expect(await registry.repository()).toBe(told.repository_url);
  });

  it('says what makes the repository where there is none', async () => {
    await expect(open({ RUNLAYER_AWS_ENVIRONMENT: 'other' }).registry.credentials()).rejects.toMatchObject({
      code: 'ERR_AWS_PLATFORM',
      hint: expect.stringContaining('runlayer-server aws bootstrap') as string,
    });
  });

  it('gives a release more time than a trial, a rollout and the way back can take', () => {
    expect(open({ RUNLAYER_AWS_ROLLOUT_TIMEOUT_MS: '60000' }).releaseTimeoutMs).toBe(240_000);
    expect(open().releaseTimeoutMs).toBe(3_600_000);
  });

  it('opens no listener for containers, which are elsewhere, unless an emulator has them here', () => {
    const { RUNLAYER_AWS_ENDPOINT: _left, ...onAws } = needed;
    expect(awsTarget(readSettings(onAws)).bridgeAddress).toBeUndefined();
    expect(open().bridgeAddress).toBeDefined();
  });
});
