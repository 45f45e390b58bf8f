// What an operator reads, and where the commands work.
import type { BootstrapPlan, BootstrapStep, NamedPolicy } from '@runlayer/aws-provisioner/bootstrap';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../settings/read-settings.ts';
import { type AwsPlace, bootstrapOptionsOf, placeFrom, policyPlaceOf, serverSettingsOf } from './place.ts';
import { policyFilesOf, writePolicies } from './policy-files.ts';
import { countText, filesText, isNothingToDo, nextText, planText, policiesText, settingsText, stepText } from './tell.ts';

const cluster: BootstrapStep = { resource: 'cluster', name: 'runlayer-default', action: 'create', details: ['with Container Insights'] };
const boundary: BootstrapStep = {
  resource: 'permissions-boundary',
  name: 'runlayer-default-boundary',
  action: 'change',
  details: ['what it allows'],
};
const repository: BootstrapStep = { resource: 'image-repository', name: 'runlayer/default', action: 'none', details: [] };
const plan = (...steps: BootstrapStep[]): BootstrapPlan => ({
  account: '111122223333',
  region: 'eu-central-1',
  environment: 'default',
  vpc: 'vpc-1',
  subnets: ['subnet-1', 'subnet-2'],
  steps,
  outputs: {
    cluster: 'runlayer-default',
    proxySecurityGroup: 'sg-1',
    permissionsBoundary: 'arn:aws:iam::111122223333:policy/p',
    pushRole: 'arn:aws:iam::111122223333:role/r',
    repository: 'runlayer/default',
  },
});
const policyOf = (name: string): NamedPolicy => ({ name, document: { Version: '2012-10-17', Statement: [] } });
const two = [policyOf('runlayer-default-server-compute'), policyOf('runlayer-default-server-data')];

const nothing: AwsPlace = readSettings({}, undefined, { targetComplete: false });

describe('a plan', () => {
  it('has a line for each resource, with what would happen first', () => {
    expect(planText(plan(cluster, boundary, repository))).toBe(
      [
        'What all deployments share, in account 111122223333, eu-central-1, environment default:',
        '',
        '  create  ECS cluster           runlayer-default           with Container Insights',
        '  change  permissions boundary  runlayer-default-boundary  what it allows',
        '  keep    image repository      runlayer/default',
        '',
        '',
      ].join('\n'),
    );
  });

  it('counts what it would do, or says that nothing is to do', () => {
    expect(countText(plan(cluster, boundary, repository))).toBe('1 to create, 1 to change.');
    expect(countText(plan(repository))).toMatch(/^Nothing to do/);
    expect([plan(repository), plan(repository, boundary)].map(isNothingToDo)).toEqual([true, false]);
  });

  it('tells of each deed as it is done', () => {
    expect([cluster, boundary, repository].map(stepText).join('')).toBe(
      [
        '  created    ECS cluster runlayer-default',
        '  changed    permissions boundary runlayer-default-boundary',
        '  unchanged  image repository runlayer/default',
        '',
      ].join('\n'),
    );
  });
});

describe('the settings to paste', () => {
  it('name everything that was made', () => {
    expect(settingsText(serverSettingsOf(nothing, plan()))).toBe(
      [
        'Settings of the server:',
        '',
        'RUNLAYER_TARGET=aws',
        'RUNLAYER_AWS_REGION=eu-central-1',
        'RUNLAYER_AWS_ACCOUNT=111122223333',
        'RUNLAYER_AWS_ENVIRONMENT=default',
        'RUNLAYER_AWS_CLUSTER=runlayer-default',
        'RUNLAYER_AWS_VPC=vpc-1',
        'RUNLAYER_AWS_SUBNETS=subnet-1,subnet-2',
        'RUNLAYER_AWS_PROXY_SECURITY_GROUP=sg-1',
        'RUNLAYER_AWS_PERMISSIONS_BOUNDARY=arn:aws:iam::111122223333:policy/p',
        'RUNLAYER_AWS_PUSH_ROLE=arn:aws:iam::111122223333:role/r',
        '',
        '',
      ].join('\n'),
    );
  });

  it('keep what is off, and where an emulator is', () => {
    const place = { ...nothing, awsScaling: false, awsEndpoint: 'http://127.0.0.1:4566' };
    expect(serverSettingsOf(place, plan())).toMatchObject({
      RUNLAYER_AWS_SCALING: 'off',
      RUNLAYER_AWS_ENDPOINT: 'http://127.0.0.1:4566',
    });
  });
});

describe('policies', () => {
  it('are printed by name, and the role and the security group of the server said', () => {
    expect(JSON.parse(policiesText(two))).toEqual(Object.fromEntries(two.map(({ name, document }) => [name, document])));
    expect(nextText('sg-1', two)).toBe(
      'Run the server in the security group sg-1, in the same VPC, with a role that has the 2 policies runlayer-default-server-compute and runlayer-default-server-data.\n',
    );
  });

  it('get a file each, and the call that takes it', () => {
    expect(policyFilesOf('out/server.json', two).map(({ file }) => file)).toEqual(['out/server-compute.json', 'out/server-data.json']);
    expect(policyFilesOf('/server', two).map(({ file }) => file)).toEqual(['/server-compute', '/server-data']);
    expect(policyFilesOf('one.json', [policyOf('runlayer-default-bootstrap')]).map(({ file }) => file)).toEqual(['one.json']);
    expect(filesText([{ name: 'p', file: 'p.json' }])).toBe('aws iam create-policy --policy-name p --policy-document file://p.json\n');
  });

  it('that cannot be written are a clear fault', () => {
    expect(() => writePolicies('/nowhere/p.json', two)).toThrow(
      expect.objectContaining({
        code: 'ERR_AWS_POLICY_FILE',
        message: expect.stringContaining('/nowhere/p-compute.json: ENOENT') as string,
      }),
    );
  });
});

describe('where a command works', () => {
  const settings = { ...nothing, awsRegion: 'eu-central-1', awsVpc: 'vpc-1', awsSubnets: ['subnet-1'], awsCluster: 'shared' };
  const signal = new AbortController().signal;

  it('is what options say, and else what the settings say', () => {
    const place = placeFrom(settings, { awsVpc: 'vpc-2', awsRegion: undefined });
    expect(bootstrapOptionsOf(place, signal)).toMatchObject({ region: 'eu-central-1', vpc: 'vpc-2', subnets: ['subnet-1'] });
  });

  it('is asked for by name, all that is missing at once', () => {
    expect(() => bootstrapOptionsOf({ ...nothing, awsVpc: 'vpc-1' }, signal)).toThrow(
      'Not given: --region (or RUNLAYER_AWS_REGION), --subnets (or RUNLAYER_AWS_SUBNETS).',
    );
  });

  it('asks for the account only where it is not given', async () => {
    const ask = async (region: string): Promise<string> => `of ${region}`;
    expect(await policyPlaceOf(settings, ask)).toMatchObject({ account: 'of eu-central-1', cluster: 'shared' });
    expect(await policyPlaceOf({ ...settings, awsAccount: '111122223333' }, ask)).toMatchObject({ account: '111122223333' });
    await expect(policyPlaceOf(nothing, ask)).rejects.toMatchObject({ code: 'ERR_AWS_USAGE' });
  });
});
