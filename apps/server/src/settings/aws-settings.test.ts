// The settings of the AWS target: right, wrong, and missing.
import { describe, expect, it } from 'vitest';
import { awsOptions } from '../start/aws-options.ts';
import { readSettings } from './read-settings.ts';

const needed = {
  RUNLAYER_TARGET: 'aws',
  RUNLAYER_AWS_REGION: 'eu-central-1',
  RUNLAYER_AWS_VPC: 'vpc-0a1b2c',
  RUNLAYER_AWS_SUBNETS: 'subnet-0a1b2c, subnet-1a2b3c',
  RUNLAYER_AWS_PROXY_SECURITY_GROUP: 'sg-0a1b2c',
};
const faultOf = (environment: Record<string, string>): string => {
  try {
    readSettings(environment);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no fault';
};

describe('the target', () => {
  it('is Docker unless it is set, whatever else is', () => {
    const { RUNLAYER_TARGET: _left, ...rest } = needed;
    expect(readSettings({}).target).toBe('docker');
    expect(readSettings(rest).target).toBe('docker');
  });

  it('aws names everything it lacks at once, and what prints it', () => {
    const fault = faultOf({ RUNLAYER_TARGET: 'aws' });
    for (const name of Object.keys(needed).slice(1)) expect(fault).toContain(`${name}: is missing`);
    expect(fault).toContain('`runlayer-server aws bootstrap` prints it');
  });

  it('aws does not call missing what is faulty', () => {
    expect(faultOf({ ...needed, RUNLAYER_AWS_VPC: 'main' })).not.toContain('is missing');
  });

  it('aws is not demanded to be complete by what makes it', () => {
    expect(readSettings({ RUNLAYER_TARGET: 'aws' }, undefined, { targetComplete: false }).target).toBe('aws');
  });

  it.each(['RUNLAYER_REGISTRY_USERNAME', 'RUNLAYER_TABLES_ENDPOINT'])('aws refuses %s, which would do nothing', (name) => {
    expect(faultOf({ ...needed, [name]: 'http://host' })).toContain(`${name}: is for the target docker`);
  });

  it('aws takes its region from AWS_REGION where none is set', () => {
    const { RUNLAYER_AWS_REGION: _left, ...rest } = needed;
    expect(readSettings({ ...rest, AWS_REGION: 'us-east-1' }).awsRegion).toBe('us-east-1');
    expect(readSettings({ ...needed, AWS_REGION: 'us-east-1' }).awsRegion).toBe('eu-central-1');
  });
});

describe('a setting of AWS', () => {
  it.each([
    ['RUNLAYER_TARGET', 'gcp', 'must be one of docker, aws'],
    ['RUNLAYER_AWS_REGION', 'Frankfurt', 'must be the name of a region'],
    ['RUNLAYER_AWS_ACCOUNT', '12345', 'must be twelve digits'],
    ['RUNLAYER_AWS_ENVIRONMENT', 'Production-West', 'must be 1 to 12'],
    ['RUNLAYER_AWS_CLUSTER', 'arn:aws:ecs:eu-central-1:1:cluster/a', 'not its ARN'],
    ['RUNLAYER_AWS_VPC', 'main', 'must be the id of a VPC'],
    ['RUNLAYER_AWS_SUBNETS', 'subnet-0a1b2c,main', 'must be ids of subnets'],
    ['RUNLAYER_AWS_SUBNETS', ',', 'must be ids of subnets'],
    ['RUNLAYER_AWS_PROXY_SECURITY_GROUP', 'proxy', 'must be the id of a security group'],
    ['RUNLAYER_AWS_PERMISSIONS_BOUNDARY', 'boundary', 'must be the ARN of an IAM policy'],
    ['RUNLAYER_AWS_PUSH_ROLE', 'arn:aws:iam::1:role/push', 'must be the ARN of an IAM role'],
    ['RUNLAYER_AWS_LOG_RETENTION_DAYS', '15', 'must be one of 1, 3, 5, 7, 14, 30'],
    ['RUNLAYER_AWS_SCALING', 'yes', 'must be one of on, off'],
    ['RUNLAYER_AWS_POLL_MS', '10', 'must be a whole number from 50'],
    ['RUNLAYER_AWS_HEALTH_TIMEOUT_MS', '0', 'must be a whole number from 1000'],
    ['RUNLAYER_AWS_ENDPOINT', 'localhost:4566', 'must be an http or https address'],
    ['RUNLAYER_AWS_REGISTRY_HOST', 'http://localhost', 'without a scheme'],
    ['RUNLAYER_AWS_CONTAINER_ENV', 'AWS_REGION', 'must be NAME=value'],
  ])('%s=%s is refused', (name, value, fault) => {
    expect(faultOf({ ...needed, [name]: value })).toContain(`${name}: ${fault.startsWith('must') ? fault : ''}`);
    expect(faultOf({ ...needed, [name]: value })).toContain(fault);
  });
});

describe('the options of the provisioner', () => {
  it('follow from the settings, the cluster from the environment', () => {
    expect(awsOptions(readSettings({ ...needed, RUNLAYER_AWS_ENVIRONMENT: 'test' }))).toMatchObject({
      region: 'eu-central-1',
      environment: 'test',
      cluster: 'runlayer-test',
      vpc: 'vpc-0a1b2c',
      subnets: ['subnet-0a1b2c', 'subnet-1a2b3c'],
      proxySecurityGroup: 'sg-0a1b2c',
    });
    expect(awsOptions(readSettings(needed)).cluster).toBe('runlayer-default');
  });

  it.each<[string, string, object]>([
    ['RUNLAYER_AWS_CLUSTER', 'shared', { cluster: 'shared' }],
    ['RUNLAYER_AWS_ACCOUNT', '111122223333', { account: '111122223333' }],
    [
      'RUNLAYER_AWS_PERMISSIONS_BOUNDARY',
      'arn:aws:iam::111122223333:policy/b',
      { permissionsBoundary: 'arn:aws:iam::111122223333:policy/b' },
    ],
    ['RUNLAYER_AWS_PUSH_ROLE', 'arn:aws:iam::111122223333:role/r/p', { pushRole: 'arn:aws:iam::111122223333:role/r/p' }],
    ['RUNLAYER_AWS_LOG_RETENTION_DAYS', '90', { logRetentionDays: 90 }],
    ['RUNLAYER_AWS_KEEP_LOGS', 'off', { keepLogs: false }],
    ['RUNLAYER_AWS_SCALING', 'off', { scaling: false }],
    ['RUNLAYER_AWS_HEALTH_TIMEOUT_MS', '60000', { healthTimeoutMs: 60_000 }],
    ['RUNLAYER_AWS_ROLLOUT_TIMEOUT_MS', '60000', { rolloutTimeoutMs: 60_000 }],
    ['RUNLAYER_AWS_POLL_MS', '50', { pollMs: 50 }],
    ['RUNLAYER_AWS_ENDPOINT', 'http://127.0.0.1:4566/', { endpoint: 'http://127.0.0.1:4566' }],
    ['RUNLAYER_AWS_REGISTRY_HOST', '127.0.0.1:4566', { registryHost: '127.0.0.1:4566' }],
    ['RUNLAYER_AWS_CONTAINER_ENV', 'A=1, B=x=y', { containerEnvironment: { A: '1', B: 'x=y' } }],
  ])('%s=%s reaches them', (name, value, options) => {
    expect(awsOptions(readSettings({ ...needed, [name]: value }))).toMatchObject(options);
  });

  it('cannot be made of settings that lack something, and the error names it', () => {
    expect(() => awsOptions(readSettings({}))).toThrow(/RUNLAYER_AWS_VPC is missing/);
  });
});
