import { expect, it } from 'vitest';
import { ended } from '../../testing/run-command.ts';
import { withDouble } from '../../testing/with-double.ts';

const stage = withDouble();
const config = '# ours\nname: notes\nruntime: docker\nimage: example/notes:1 # pinned\nservice:\n  port: 8000\n';

it('deploys an image: checks, creates, writes the id, stores, triggers, follows, prints the URL [CLI-3, CFG-2]', async () => {
  await stage.write('runlayer.yaml', config);
  const done = await stage.runlayer(['deploy']);
  expect(done, done.stderr).toMatchObject({ code: 0 });
  const [record] = stage.platform.records.values();
  expect(stage.requests()).toEqual([
    'POST /deployments/validate-yaml',
    'POST /deployments/',
    'PUT /deployments/{id}',
    'POST /deployments/{id}/trigger',
    'GET /deployments/history/{id}',
    'GET /deployments/history/{id}/logs',
    'GET /deployments/{id}',
  ]);
  expect(stage.platform.seen.find(({ method }) => method === 'PUT')?.body).toEqual({ yaml_content: config });
  expect(await stage.read('runlayer.yaml')).toBe(config.replace('name:', `id: ${record?.id}\nname:`));
  expect(done.stdout).toContain('Serving on port 8000.');
  expect(done.stdout).toContain(`${stage.platform.url}/api/v1/proxy/hosted/${record?.id}/mcp`);
});

it('deploys again to the record that the file names, and prints its role with the id [CLI-3]', async () => {
  const record = stage.platform.addRecord('notes');
  record.task_role_arn = 'arn:aws:iam::123456789012:role/task';
  await stage.write('runlayer.yaml', `id: ${record.id}\n${config}`);
  const { stdout } = await stage.runlayer(['deploy', '--json']);
  const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as object;
  expect(result).toMatchObject({
    type: 'result',
    ok: true,
    status: 'serving',
    deployment_id: record.id,
    task_role_arn: record.task_role_arn,
  });
  expect(stage.requests()).not.toContain('POST /deployments/');
  expect((await stage.runlayer(['deploy'])).stdout).toMatch(new RegExp(`${record.id}[\\s\\S]*arn:aws:iam::123456789012:role/task`));
});

it('prints the trust policy to paste with the first deploy that declares a role, and later where to get it [AWS-2, CLI-3]', async () => {
  const record = stage.platform.addRecord('notes');
  const roles = { reports: 'arn:aws:iam::222233334444:role/reports' };
  record.task_role_arn = 'arn:aws:iam::111122223333:role/task';
  record.configuration = { aws_assume_roles: roles };
  await stage.write('runlayer.yaml', `id: ${record.id}\n${config}infrastructure:\n  aws:\n    assume_roles: ${JSON.stringify(roles)}\n`);
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'RunlayerDeployment',
        Effect: 'Allow',
        Principal: { AWS: record.task_role_arn },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': record.id } },
      },
    ],
  };
  const first = await stage.runlayer(['deploy']);
  expect(first, first.stderr).toMatchObject({ code: 0 });
  expect(first.stdout).toContain(`paste into ${roles.reports}:\n\n${JSON.stringify(policy, undefined, 2)}\n`);
  expect(first.stdout).toContain('runlayer doctor aws');
  expect((await stage.runlayer(['deploy', 'watch'])).stdout).toContain('2012-10-17');
  record.serving_history_id = record.latest_history_id;
  const second = await stage.runlayer(['deploy']);
  expect(second.stdout).toContain('runlayer doctor aws --trust-policy');
  expect(second.stdout).not.toContain('2012-10-17');
  const { stdout } = await stage.runlayer(['deploy', '--json']);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ task_role_arn: record.task_role_arn, trust_policy: policy });
});

it('ends with 1, cause and fix when the release fails [CLI-3, PLAT-4]', async () => {
  await stage.write('runlayer.yaml', config);
  const failure = { code: 'exited', message: 'The container exited with code 3.', fix: 'Read its last lines.', evidence: {} };
  stage.platform.statuses = [{ status: 'failed', logs: ['Exit code: 3'], failure }];
  const done = await stage.runlayer(['deploy']);
  expect(done).toMatchObject({ code: 1, stdout: expect.stringContaining('Exit code: 3') as string });
  expect(done.stderr).toMatch(/The container exited with code 3\.\n {2}hint: Read its last lines\./);
});

it('ends with 75 at the deadline, and watch goes on [CLI-3]', async () => {
  await stage.write('runlayer.yaml', config);
  stage.platform.statuses = [{ status: 'running', logs: [] }];
  const done = await stage.runlayer(['deploy', '--timeout', '0.2']);
  const [record] = stage.platform.records.values();
  expect(done).toMatchObject({ code: 75, stderr: expect.stringContaining(`runlayer deploy watch ${record?.id}`) as string });
  stage.platform.statuses = [{ status: 'succeeded', logs: ['Serving.'] }];
  expect(await stage.runlayer(['deploy', 'watch', record?.id ?? ''])).toMatchObject({ code: 0 });
  expect(await stage.runlayer(['deploy', 'watch'])).toMatchObject({ code: 0 });
});

it('ends with 130 on Ctrl-C and says how to go on [CLI-3]', async () => {
  await stage.write('runlayer.yaml', config);
  stage.platform.statuses = [{ status: 'running', logs: ['Starting.'] }];
  const child = stage.sandbox.start(['deploy']);
  const done = ended(child);
  child.stdout.on('data', (text: string) => text.includes('Starting.') && child.kill('SIGINT'));
  expect(await done).toMatchObject({ code: 130, stderr: expect.stringContaining('runlayer deploy watch') as string });
});

it.each([
  [401, 3],
  [403, 3],
  [500, 1],
  [409, 1],
])('passes on what the server refuses with %s as exit code %s [CLI-3]', async (status, code) => {
  const { id } = stage.platform.addRecord('notes');
  await stage.write('runlayer.yaml', `id: ${id}\n${config}`);
  stage.platform.refuse.set(`POST /deployments/${id}/trigger`, { status, times: 1, detail: 'Because of the test.' });
  expect(await stage.runlayer(['deploy'])).toMatchObject({ code, stderr: expect.stringContaining('Because of the test.') as string });
});

it('neither builds nor makes a record without Docker [CLI-3, CLI-8]', async () => {
  const text = config.replace(/image.*\n/, 'build:\n  context: .\n');
  await stage.write('runlayer.yaml', text);
  const done = await stage.runlayer(['deploy'], { DOCKER_HOST: 'unix:///nowhere/docker.sock' });
  expect(done).toMatchObject({ code: 1, stderr: expect.stringMatching(/docker/i) as string });
  expect(stage.requests()).toEqual(['POST /deployments/validate-yaml']);
  expect(await stage.read('runlayer.yaml')).toBe(text);
});

it('does not deploy to a deleted record [CLI-3]', async () => {
  const record = stage.platform.addRecord('notes');
  record.deletion_status = 'deleted';
  await stage.write('runlayer.yaml', `id: ${record.id}\n${config}`);
  expect(await stage.runlayer(['deploy'])).toMatchObject({ code: 1, stderr: expect.stringContaining('was deleted') as string });
  expect(stage.requests()).toEqual(['POST /deployments/validate-yaml', 'GET /deployments/{id}']);
});

it('says that nothing was released yet to who wants to watch', async () => {
  const { id } = stage.platform.addRecord('notes');
  expect(await stage.runlayer(['deploy', 'watch', id])).toMatchObject({ code: 1, stderr: expect.stringContaining('no release') as string });
});

it('shows no control character that a log holds', async () => {
  await stage.write('runlayer.yaml', config);
  stage.platform.statuses = [{ status: 'succeeded', logs: ['\u001b]0;title\u0007red \u001b[31mtext\u001b[0m\u0008'] }];
  const { stdout } = await stage.runlayer(['deploy']);
  expect(stdout).toContain('red text\n');
  // oxlint-disable-next-line no-control-regex
  expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
});
