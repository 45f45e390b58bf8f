// A platform on AWS that lost its database: what AWS knows is known again, and everything goes on from there.
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { emulatorMissing } from '@runlayer/aws-provisioner/testing/emulator';
import { inRepository, run, startPlatform, waitFor, type Finished, type Platform } from '@runlayer/local-platform';
import { commandMissing, describeWith } from '@runlayer/test-services';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPrograms, createProject, type Programs, type Project } from './aws-project.ts';
import { openAwsStage, type AwsStage } from './aws-stage.ts';

interface Record_ {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly task_role_arn: string | null;
  readonly deletion_status: string | null;
  readonly serving_history_id: string | null;
}

const missing = (await emulatorMissing()) ?? commandMissing('docker') ?? commandMissing('cc');

describeWith(missing, 'a platform on AWS whose database is lost', () => {
  let stage: AwsStage;
  let programs: Programs;
  let former: Platform;
  let platform: Platform;
  let project: Project;
  let dataDir: string;
  let recordBefore: Record_;
  let roleBefore: string | undefined;

  // The port that containers of this machine get the keys at is in the data folder, which is lost: so here they are told an address.
  const settings = (): Record<string, string> => ({ ...stage.env, RUNLAYER_WORKLOAD_URL: 'https://mcp.example.com' });
  const secret = 'a-value-of-the-user';
  const recordOf = async (server: Platform): Promise<Record_> => server.api('GET', `/deployments/${await project.id()}`);
  const roleIdOf = async ({ task_role_arn: arn }: Record_): Promise<string | undefined> =>
    (await new IAMClient(stage.config).send(new GetRoleCommand({ RoleName: arn?.split('/').at(-1) }))).Role?.RoleId;

  beforeAll(async () => {
    [stage, programs, dataDir] = await Promise.all([openAwsStage(), buildPrograms(), mkdtemp(join(tmpdir(), 'runlayer-refresh-'))]);
    former = await startPlatform({ env: settings() });
    project = await createProject(former, programs, 'survivor');
    await deploy('first');
    recordBefore = await recordOf(former);
    roleBefore = await roleIdOf(recordBefore);
    await former.stop();
  });
  afterAll(async () => {
    await platform?.stop();
    await project?.remove();
    await stage?.close();
    await programs?.remove();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function deploy(greeting: string): Promise<void> {
    await project.configure({ env: { TOKEN: secret, GREETING: greeting } });
    const { code, stdout, stderr } = await project.runlayer(['deploy']);
    expect(code, stdout + stderr).toBe(0);
  }

  const refresh = (...args: string[]): Promise<Finished> =>
    run(process.execPath, [inRepository('apps/server/src/main.ts'), 'aws', 'refresh', ...args], {
      env: { ...stage.env, RUNLAYER_DATA_DIR: dataDir },
    });

  const ask = async (path: string): Promise<Readonly<Record<string, string>>> => {
    const url = `${platform.url}/api/v1/proxy/hosted/${recordBefore.id}${path}`;
    const answer = await fetch(url, { headers: { 'x-runlayer-api-key': platform.adminKey } });
    expect(answer.status).toBe(200);
    return (await answer.json()) as Record<string, string>;
  };

  it('plans what would be restored and writes nothing, restores it once, and knows it the second time', async () => {
    const planned = await refresh('--plan', '--json');
    expect([planned.code, planned.stderr]).toEqual([0, '']);
    const entry = { id: recordBefore.id, name: 'survivor', state: 'serving', release_id: recordBefore.serving_history_id, warning: null };
    expect(JSON.parse(planned.stdout)).toMatchObject({ plan: true, data: [{ ...entry, result: 'planned' }] });
    const done = await refresh();
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toMatch(/^restored .*survivor.*\n1 restored, 0 known before, 0 of somebody else\.\nNot in AWS: .*\n$/);
    expect(done.stdout + planned.stdout).not.toContain(secret);
    expect(JSON.parse((await refresh('--json')).stdout)).toMatchObject({ data: [{ ...entry, result: 'known' }] });
  });

  it('serves it at its address, and shows and exports it as before', async () => {
    // The port, and with it the address that containers know, is the one of before.
    platform = await startPlatform({ env: settings(), dataDir, port: former.port, adminKey: former.adminKey });
    expect(await ask('/env')).toMatchObject({ TOKEN: secret, GREETING: 'first', RUNLAYER_DEPLOYMENT_ID: recordBefore.id });
    expect(await recordOf(platform)).toMatchObject({
      name: 'survivor',
      state: 'serving',
      task_role_arn: recordBefore.task_role_arn,
      serving_history_id: recordBefore.serving_history_id,
    });
    const text = await project.runlayer(['deploy', 'pull']);
    expect(text.code, text.stdout + text.stderr).toBe(0);
    const { id } = await platform.api<{ id: string }>('POST', '/servers', { name: 'survivor', deployment_id: recordBefore.id });
    expect(id).toBe((await ask('/env'))['RUNLAYER_SERVER_ID']);
    await platform.api('DELETE', `/servers/${id}`);
  });

  it('deploys it again from what was restored without a new task, then changed with the same role, and destroys it [AWS-1]', async () => {
    const host = (await ask('/env'))['HOSTNAME'];
    await platform.api('POST', `/deployments/${recordBefore.id}/trigger`, {});
    await waitFor('the end of the release', async () => {
      const { serving_history_id: serving, state } = await recordOf(platform);
      return serving !== recordBefore.serving_history_id && state === 'serving' ? true : undefined;
    });
    expect((await ask('/env'))['HOSTNAME']).toBe(host);
    await deploy('second');
    expect(await ask('/env')).toMatchObject({ TOKEN: secret, GREETING: 'second' });
    expect(await roleIdOf(await recordOf(platform))).toBe(roleBefore);
    const { code, stdout, stderr } = await project.runlayer(['deploy', 'destroy', '--yes']);
    expect(code, stdout + stderr).toBe(0);
    expect(await recordOf(platform)).toMatchObject({ deletion_status: 'deleted' });
    expect((await platform.stop(), await refresh()).stdout).toBe('There is no deployment of this environment in AWS.\n');
  });
});
