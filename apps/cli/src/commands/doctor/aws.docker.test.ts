// The real command against an IAM that enforces trust policies: with the credentials of the task role, and with those of the customer.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import { customerTrustPolicy } from '@runlayer/aws-roles';
import { type IamEmulator, iamEmulatorMissing, startIamEmulator } from '@runlayer/local-platform';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { withDouble } from '../../testing/with-double.ts';

const [platformAccount, customerAccount] = ['111122223333', '222233334444'];
const taskRoleArn = `arn:aws:iam::${platformAccount}:role/runlayer/default/task`;
const roleArn = (name: string): string => `arn:aws:iam::${customerAccount}:role/${name}`;
const customer = { AWS_ACCESS_KEY_ID: customerAccount, AWS_SECRET_ACCESS_KEY: 'test' };

describeWith(await iamEmulatorMissing(), 'runlayer doctor aws where policies are enforced', () => {
  const stage = withDouble();
  let emulator: IamEmulator;
  let task: Record<string, string>;
  let id: string;

  beforeAll(async () => {
    emulator = await startIamEmulator();
    const { sts, iam } = clients(platformAccount);
    const AssumeRolePolicyDocument = trusts({ Principal: { AWS: platformAccount }, Condition: undefined });
    await iam.createRole({ RoleName: 'task', Path: '/runlayer/default/', AssumeRolePolicyDocument });
    const allowed = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' };
    await iam.putRolePolicy({ RoleName: 'task', PolicyName: 'assume-roles', PolicyDocument: JSON.stringify({ Statement: allowed }) });
    const { Credentials: made } = await sts.assumeRole({ RoleArn: taskRoleArn, RoleSessionName: 'task' });
    task = {
      AWS_ACCESS_KEY_ID: made?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: made?.SecretAccessKey ?? '',
      AWS_SESSION_TOKEN: made?.SessionToken ?? '',
    };
  });
  afterAll(() => emulator.stop());
  beforeEach(() => {
    const record = stage.platform.addRecord('notes');
    record.task_role_arn = taskRoleArn;
    ({ id } = record);
  });

  function clients(account: string): { sts: STS; iam: IAM } {
    const config = { region: 'us-east-1', endpoint: emulator.endpoint, credentials: { accessKeyId: account, secretAccessKey: 'test' } };
    return { sts: new STS(config), iam: new IAM(config) };
  }

  /** The right trust policy with parts of its statement replaced. */
  function trusts(changes: object): string {
    const { Version, Statement } = customerTrustPolicy({ taskRoleArn, deploymentId: id });
    return JSON.stringify({ Version, Statement: [{ ...Statement[0], ...changes }] });
  }

  /** Declares a role that does not exist yet under any other name. */
  async function declare(name: string, document: string, declared = roleArn(name)): Promise<void> {
    await clients(customerAccount).iam.createRole({ RoleName: name, AssumeRolePolicyDocument: document });
    Object.assign(stage.platform.records.get(id) ?? {}, { configuration: { aws_assume_roles: { data: declared } } });
  }

  /** From the customer's account: asks the platform which role is meant. */
  const outside = (...args: string[]) =>
    stage.runlayer(['doctor', 'aws', '-d', id, ...args], { ...customer, AWS_ENDPOINT_URL: emulator.endpoint });

  /** In the container: no login, and nobody to ask but AWS. */
  const inside = (declared: string, ...args: string[]) => stage.runlayer(['doctor', 'aws', ...args], insideOf(declared));

  const insideOf = (declared: string): Record<string, string> => ({
    ...task,
    AWS_ENDPOINT_URL: emulator.endpoint,
    RUNLAYER_HOST: '',
    RUNLAYER_API_KEY: '',
    RUNLAYER_DEPLOYMENT_ID: id,
    RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN: taskRoleArn,
    RUNLAYER_AWS_ROLE_DATA: declared,
  });

  it('is content with the trust policy that it prints [AWS-2, AUTO-1, CFG-7]', async () => {
    const { stdout: printed } = await outside('--trust-policy');
    await declare('right', printed);
    const seen = await outside();
    expect(seen, seen.stderr).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('The role can be assumed.') as string });
    const done = await inside(roleArn('right'));
    expect(done, done.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('  ok: assumed with the deployment id') as string });
  });

  it('takes the credentials of the task role where ECS gives them [AWS-2]', async () => {
    await declare('by-ecs', trusts({}));
    const body = {
      AccessKeyId: task['AWS_ACCESS_KEY_ID'],
      SecretAccessKey: task['AWS_SECRET_ACCESS_KEY'],
      Token: task['AWS_SESSION_TOKEN'],
      Expiration: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const agent = createServer((_request, response) => void response.end(JSON.stringify(body))).listen(0, '127.0.0.1');
    await once(agent, 'listening');
    const AWS_CONTAINER_CREDENTIALS_FULL_URI = `http://127.0.0.1:${(agent.address() as AddressInfo).port}/credentials`;
    const {
      AWS_ACCESS_KEY_ID: _key,
      AWS_SECRET_ACCESS_KEY: _secret,
      AWS_SESSION_TOKEN: _token,
      ...container
    } = insideOf(roleArn('by-ecs'));
    const done = await stage.runlayer(['doctor', 'aws'], { ...container, AWS_CONTAINER_CREDENTIALS_FULL_URI });
    agent.close();
    expect(done, done.stdout).toMatchObject({ code: 0, stdout: expect.stringContaining('  ok: assumed') as string });
  });

  it.each<[string, string, object, string]>([
    ['a wrong principal', 'principal', { Principal: { AWS: `arn:aws:iam::${customerAccount}:root` } }, 'principal-account'],
    ['the role of another deployment', 'other', { Principal: { AWS: `${taskRoleArn}-2` } }, 'principal-wrong'],
    ['a principal that was deleted and made anew', 'anew', { Principal: { AWS: 'AROAIIAAAAAAAAAAAAAAA' } }, 'principal-gone'],
    ['a wrong External ID', 'wrong-id', { Condition: { StringEquals: { 'sts:ExternalId': 'notes' } } }, 'external-id-wrong'],
  ])('tells %s, prints the trust policy, and fails [AWS-2, AWS-3]', async (_what, name, changes, code) => {
    await declare(name, trusts(changes));
    const seen = await outside();
    expect(seen).toMatchObject({ code: 1, stdout: expect.stringContaining(`(${code})`) as string });
    expect(seen.stdout).toContain(`"sts:ExternalId": "${id}"`);
    expect(seen.stderr).toContain('1 of 1 role cannot be assumed.');
    const done = await inside(roleArn(name));
    expect(done).toMatchObject({ code: 1, stdout: expect.stringContaining('(assume-refused)') as string });
    expect(done.stdout).toContain(`with credentials of the account ${customerAccount}`);
    expect(done.stdout).toContain(`"AWS": "${taskRoleArn}"`);
  });

  it('tells a missing External ID inside and outside: it works, which --strict does not accept [AWS-2, AWS-3]', async () => {
    await declare('no-id', trusts({ Condition: undefined }));
    for (const run of [outside, (...args: string[]) => inside(roleArn('no-id'), ...args)]) {
      expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining('(external-id-missing)') as string });
      expect(await run('--strict')).toMatchObject({ code: 1, stderr: expect.stringContaining('can be assumed by others too') as string });
    }
  });

  it.each([
    ['the name', 'reports-reader', 'report-reader', 'role-missing', 'There is "reports-reader".'],
    ['the form', 'reports-writer', 'reports-writer/', 'arn-name', `Probably: ${roleArn('reports-writer')}`],
  ])('tells a typing mistake in %s of the ARN, and what was meant [AWS-3, CFG-7]', async (_where, name, typed, code, meant) => {
    await declare(name, trusts({}), roleArn(typed));
    const done = await outside();
    expect(done).toMatchObject({ code: 1, stdout: expect.stringContaining(`(${code})`) as string });
    expect(done.stdout).toContain(meant);
  });

  it('tells credentials that hide those of the task role, and those of another account [AWS-3]', async () => {
    await declare('hidden', trusts({}));
    const hidden = await stage.runlayer(['doctor', 'aws', '--json'], {
      ...customer,
      AWS_ENDPOINT_URL: emulator.endpoint,
      RUNLAYER_DEPLOYMENT_ID: id,
      RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN: taskRoleArn,
      RUNLAYER_AWS_ROLE_DATA: roleArn('hidden'),
    });
    expect(JSON.parse(hidden.stdout)).toMatchObject({ error: { data: { roles: [{ findings: [{ code: 'caller-other' }] }] } } });
    const elsewhere = await stage.runlayer(['doctor', 'aws', '-d', id, '--json'], {
      AWS_ACCESS_KEY_ID: '333344445555',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: emulator.endpoint,
    });
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({
      exit_code: 1,
      error: { code: 'ERR_CLI_ROLE_UNKNOWN', data: { roles: [{ findings: [{ code: 'credentials-elsewhere' }] }] } },
    });
  });
});
