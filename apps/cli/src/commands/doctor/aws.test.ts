import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { customerTrustPolicy } from '@runlayer/aws-roles';
import { beforeEach, describe, expect, it } from 'vitest';
import { withDouble } from '../../testing/with-double.ts';

const stage = withDouble();
const taskRoleArn = 'arn:aws:iam::111122223333:role/runlayer/default/task';
const reports = 'arn:aws:iam::222233334444:role/reports';
/** No test of this file reaches AWS. */
const alone = { AWS_EC2_METADATA_DISABLED: 'true', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
const nothing = { ...alone, RUNLAYER_HOST: '', RUNLAYER_API_KEY: '' };
let id: string;

beforeEach(() => {
  const record = stage.platform.addRecord('notes');
  ({ id } = record);
  record.task_role_arn = taskRoleArn;
  record.configuration = { aws_assume_roles: { reports } };
});

const policy = (): object => customerTrustPolicy({ taskRoleArn, deploymentId: id });

describe('runlayer doctor aws --trust-policy [AWS-2]', () => {
  it('prints the policy of the deployment of this folder, ready to be pasted, and nothing else', async () => {
    await stage.write('runlayer.yaml', `id: ${id}\nname: notes\n`);
    const done = await stage.runlayer(['doctor', 'aws', '--trust-policy'], alone);
    expect(done, done.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(done.stdout)).toEqual(policy());
    expect(stage.requests()).toEqual(['GET /deployments/{id}']);
  });

  it('prints it for a program', async () => {
    const done = await stage.runlayer(['doctor', 'aws', '-d', id, '--trust-policy', '--json'], alone);
    expect(JSON.parse(done.stdout)).toEqual({ ok: true, trust_policy: policy() });
  });

  it('prints it inside the container, without a login and without asking anybody [AUTO-1]', async () => {
    const env = { ...nothing, RUNLAYER_DEPLOYMENT_ID: id, RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN: taskRoleArn };
    const done = await stage.runlayer(['doctor', 'aws', '--trust-policy'], env);
    expect(JSON.parse(done.stdout)).toEqual(policy());
    expect(stage.requests()).toEqual([]);
  });

  it('prints it for a task role that is given, without asking anybody', async () => {
    const done = await stage.runlayer(['doctor', 'aws', '-d', id, '--task-role-arn', taskRoleArn, '--trust-policy'], nothing);
    expect(JSON.parse(done.stdout)).toEqual(policy());
  });
});

describe('runlayer doctor aws without AWS credentials [AWS-2, AWS-3]', () => {
  it('prints the trust policy, and says what to do', async () => {
    const done = await stage.runlayer(['doctor', 'aws', '-d', id], alone);
    expect(done).toMatchObject({ code: 1 });
    expect(done.stdout).toContain(
      `reports  ${reports}\n  unknown: No AWS credentials were found. (credentials-missing)\n    fix: Run this inside the deployment`,
    );
    expect(done.stdout).toContain(JSON.stringify(policy(), undefined, 2));
    expect(done.stderr).toContain('1 of 1 role cannot be judged from here.');
  });

  it('tells a program the same in one document', async () => {
    const done = await stage.runlayer(['doctor', 'aws', '-d', id, '--json'], alone);
    expect(JSON.parse(done.stdout)).toMatchObject({
      ok: false,
      exit_code: 1,
      error: {
        code: 'ERR_CLI_ROLE_UNKNOWN',
        data: {
          deployment_id: id,
          task_role_arn: taskRoleArn,
          trust_policy: policy(),
          roles: [
            {
              name: 'reports',
              role_arn: reports,
              status: 'unknown',
              from: 'nowhere',
              caller: null,
              findings: [{ code: 'credentials-missing' }],
            },
          ],
        },
      },
    });
  });

  it.each([
    ['a blank', `${reports} `, 'arn-characters', reports],
    ['a region', reports.replace('::', ':eu-west-1:'), 'arn-region', reports],
    ['a user', reports.replace('role/', 'user/'), 'arn-not-a-role', undefined],
  ])('tells %s in an ARN, and what was meant [CFG-7]', async (_what, arn, code, meant) => {
    const done = await stage.runlayer(['doctor', 'aws', '-d', id, '--role-arn', arn], alone);
    expect(done).toMatchObject({ code: 1, stdout: expect.stringContaining(`(${code})`) as string });
    if (meant !== undefined) expect(done.stdout).toContain(`Probably: ${meant}\n`);
    expect(done.stderr).toContain('1 of 1 role cannot be assumed.');
  });

  it('looks at the roles that are asked for, by the names of the file or of the container [AUTO-1]', async () => {
    const env = { ...nothing, RUNLAYER_DEPLOYMENT_ID: id, RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN: taskRoleArn };
    const roles = { RUNLAYER_AWS_ROLE_REPORTS: reports, RUNLAYER_AWS_ROLE_SECRETS: 'secrets' };
    const done = await stage.runlayer(['doctor', 'aws', '--role', 'Secrets', '--json'], { ...env, ...roles });
    expect(JSON.parse(done.stdout)).toMatchObject({
      error: { data: { roles: [{ name: 'secrets', findings: [{ code: 'arn-name-only' }] }] } },
    });
    const other = await stage.runlayer(['doctor', 'aws', '--role', 'other'], { ...env, ...roles });
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('Its roles: reports, secrets.') as string });
  });

  it('has nothing to say of a deployment that declares no roles', async () => {
    Object.assign(stage.platform.records.get(id) ?? {}, { configuration: {} });
    expect(await stage.runlayer(['doctor', 'aws', '-d', id], alone)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The deployment declares no roles.') as string,
    });
  });

  it('says that there is no task role yet, or none on this platform', async () => {
    Object.assign(stage.platform.records.get(id) ?? {}, { task_role_arn: null });
    const asked = await stage.runlayer(['doctor', 'aws', '-d', id], alone);
    const inside = await stage.runlayer(['doctor', 'aws'], { ...nothing, RUNLAYER_DEPLOYMENT_ID: id });
    for (const done of [asked, inside]) {
      expect(done).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/task.role[\s\S]*hint: Task roles are made by the first deploy/i) as string,
      });
    }
  });
});

it('no other command calls AWS, with credentials at hand and roles declared [AWS-3]', async () => {
  let calls = 0;
  const listener = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const env = { ...alone, AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID: '222233334444', AWS_SECRET_ACCESS_KEY: 'test' };
  const roles = `infrastructure:\n  aws:\n    assume_roles:\n      reports: ${reports}\n`;
  await stage.write('runlayer.yaml', `id: ${id}\nname: notes\nruntime: docker\nimage: example/notes:1\nservice:\n  port: 8000\n${roles}`);
  for (const args of [['deploy', 'validate'], ['deploy'], ['deploy', 'watch'], ['doctor', 'aws', '--trust-policy']]) {
    expect(await stage.runlayer(args, env)).toMatchObject({ code: 0 });
  }
  expect(calls).toBe(0);
  await stage.runlayer(['doctor', 'aws'], { ...env, AWS_MAX_ATTEMPTS: '1' });
  expect(calls).toBeGreaterThan(0);
  await new Promise((resolve) => listener.close(resolve));
});
