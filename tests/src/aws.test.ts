import { randomBytes } from 'node:crypto';
import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import { DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { emulatorMissing } from '@runlayer/aws-provisioner/testing/emulator';
import { ensureBaseImage } from '@runlayer/local-docker';
import { pythonEnvironment, startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { commandMissing, describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPrograms, createProject, type Programs, type Project } from './aws-project.ts';
import { openScalingStage, type ScalingStage } from './aws-scaling.ts';
import { placesOnAws } from './aws-secrecy.ts';
import { openAwsStage, type AwsStage } from './aws-stage.ts';
import { docker } from './deployments.ts';

const python = await pythonEnvironment('tests/python/published-client.txt');
const missing =
  (await emulatorMissing()) ?? commandMissing('docker') ?? commandMissing('cc') ?? (typeof python === 'string' ? python : undefined);

interface DeploymentRecord {
  readonly server_id: string;
  readonly state: string;
  readonly task_role_arn: string | null;
  readonly deletion_status: string | null;
}

describeWith(missing, 'a platform on AWS', () => {
  let stage: AwsStage;
  let scaling: ScalingStage;
  let programs: Programs;
  let platform: Platform;
  let deployKey: string;
  const projects: Project[] = [];

  beforeAll(async () => {
    [stage, programs] = await Promise.all([openAwsStage(), buildPrograms(), ensureBaseImage(docker, 'node:24-slim')]);
    scaling = await openScalingStage(stage.config);
    const env = { ...stage.env, RUNLAYER_AWS_ENDPOINT: scaling.endpoint, RUNLAYER_AWS_SCALING: 'on', RUNLAYER_LOG_LEVEL: 'debug' };
    platform = await startPlatform({ env });
    const made = await platform.api<{ api_key: string }>('POST', '/api-keys', { name: 'ci', owner: 'organization', role: 'deploy' });
    deployKey = made.api_key;
  });

  afterAll(async () => {
    await platform.stop();
    await scaling.close();
    await stage.close();
    await Promise.all(projects.map((project) => project.remove()));
    await programs.remove();
  });

  async function newProject(name: string, kind?: 'bundle'): Promise<Project> {
    const project = await createProject(platform, programs, name, kind);
    projects.push(project);
    return project;
  }

  /** Runs our command, and demands that it ends with this code; gives all that it wrote. */
  async function command(project: Project, args: readonly string[], code = 0, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const done = await project.runlayer(args, { env });
    const said = done.stdout + done.stderr;
    expect(done.code, said).toBe(code);
    return said;
  }

  /** The answer of the container, through the proxy. */
  async function ask<Answer>(project: Project, path: string): Promise<Answer> {
    const url = `${platform.url}/api/v1/proxy/hosted/${await project.id()}${path}`;
    const { status, text } = await waitFor('the emulator telling where the tasks are', async () => {
      const response = await fetch(url, { headers: { 'x-runlayer-api-key': platform.adminKey } });
      const said = await response.text();
      // On a busy machine it may take longer to answer than the server waits.
      return said.includes('cannot reach the target') ? undefined : { status: response.status, text: said };
    });
    if (status !== 200) throw new Error(`The proxy answered ${status}: ${text}`);
    return JSON.parse(text) as Answer;
  }

  const environmentOf = (project: Project): Promise<Readonly<Record<string, string>>> => ask(project, '/env');
  const recordOf = async (project: Project): Promise<DeploymentRecord> => platform.api('GET', `/deployments/${await project.id()}`);

  describe.concurrent('deployed', () => {
    it('by our command with a Deploy key and no terminal: init, build, push, rollout, call, pull, destroy [CLI-1, CLI-2, CLI-3, CLI-5, CLI-6, CLI-7, AWS-4, AUTO-1]', async () => {
      const project = await newProject('pipeline');
      const ci = { CI: 'true', RUNLAYER_API_KEY: deployKey };
      await command(project, ['deploy', 'init', '--name', 'pipeline'], 0, ci);
      const id = await project.id();
      await project.configure({ env: { TOKEN: '${TOKEN}' } });
      const deployed = await command(project, ['deploy'], 0, { ...ci, TOKEN: 'first' });
      expect(deployed).toContain(`${stage.registryHost}/runlayer/default@sha256:`);
      expect(deployed).toContain(`${platform.url}/api/v1/proxy/hosted/${id}`);
      expect(await environmentOf(project)).toMatchObject({
        TOKEN: 'first',
        DEPLOYMENT_URL: `${platform.url}/api/v1/proxy/hosted/${id}`,
        RUNLAYER_URL: platform.url,
        RUNLAYER_OAUTH_CALLBACK_URL: `${platform.url}/oauth/callback`,
        RUNLAYER_DEPLOYMENT_ID: id,
      });
      await project.write('runlayer.yaml', `id: ${id}\n`);
      await command(project, ['deploy', 'pull'], 0, ci);
      await command(project, ['deploy', 'validate'], 0, { ...ci, TOKEN: 'first' });
      expect(await command(project, ['deploy', 'destroy', '--yes'], 0, ci)).toContain('nothing');
      expect(await recordOf(project)).toMatchObject({ deletion_status: 'deleted' });
      expect(await containersWith(id)).toEqual([]);
    });

    it('by the published client, as it is, the same, on the platform that it built for [CFG-5, CLI-1, CLI-3, CLI-5, CLI-6, CLI-7, AWS-4]', async () => {
      const project = await newProject('published');
      const run = async (args: readonly string[], input?: string): Promise<string> => {
        const { code, stdout, stderr } = await project.published(deployKey, args, input);
        expect(code, stdout + stderr).toBe(0);
        return stdout + stderr;
      };
      await run(['deploy', 'init'], 'published\n');
      // It builds for x86 then, where ours builds for arm.
      await project.configure({ env: { TOKEN: 'first' }, platform: false });
      expect(await run(['deploy'])).toContain('completed successfully');
      expect(await environmentOf(project)).toMatchObject({ TOKEN: 'first' });
      expect(await architectureOf(project)).toBe('X86_64');
      await run(['deploy', 'pull']);
      expect(await run(['deploy', 'destroy'], 'y\ny\n')).toContain('initiated successfully');
      await waitFor('the end of the deployment', async () => ((await recordOf(project)).deletion_status === 'deleted' ? true : undefined));
      expect(await containersWith(await project.id())).toEqual([]);
    });

    it('again with another value: same task role, told by command, API and container, with the trust policy to paste; the new value serves [AWS-1, AWS-2, CFG-7, AUTO-1, PLAT-4]', async () => {
      const project = await newProject('again');
      const roles = '  aws:\n    assume_roles:\n      billing: arn:aws:iam::111122223333:role/billing\n';
      await project.configure({ env: { TOKEN: 'first' }, infrastructure: roles });
      const said = await command(project, ['deploy']);
      const { task_role_arn: arn } = await recordOf(project);
      expect(arn).toMatch(/^arn:aws:iam::\d{12}:role\/runlayer\/default\//);
      expect(said).toContain(arn);
      const policy = JSON.parse(/^\{[^]*?^\}/m.exec(said)?.[0] ?? 'null') as unknown;
      expect(policy).toMatchObject({
        Statement: [
          { Principal: { AWS: arn }, Action: 'sts:AssumeRole', Condition: { StringEquals: { 'sts:ExternalId': await project.id() } } },
        ],
      });
      const { RoleId } = await roleOf(arn);
      expect(await environmentOf(project)).toMatchObject({ TOKEN: 'first', RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN: arn });
      await project.configure({ env: { TOKEN: 'second' }, infrastructure: roles });
      expect(await command(project, ['deploy'])).toContain(arn);
      expect((await recordOf(project)).task_role_arn).toBe(arn);
      expect((await roleOf(arn)).RoleId).toBe(RoleId);
      expect(await environmentOf(project)).toMatchObject({
        TOKEN: 'second',
        RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN: arn,
        RUNLAYER_AWS_ROLE_BILLING: 'arn:aws:iam::111122223333:role/billing',
      });
    });

    it('with a table: the container uses it with a client of the SDK as it is, and knows who calls [CFG-6, ID-3, ID-5]', async () => {
      const project = await newProject('table', 'bundle');
      await project.configure({ infrastructure: '  enable_db: true' });
      await command(project, ['deploy']);
      expect(await ask(project, '/put/greeting/hello')).toBe(200);
      expect(await ask(project, '/get/greeting')).toBe('hello');
      const made = { name: 'table', deployment_id: await project.id(), transport: 'streaming-http' };
      const { id } = await platform.api<{ id: string }>('POST', '/servers', made);
      await platform.api('PATCH', `/servers/${id}`, { identity_forward: { token: true } });
      expect(await ask(project, '/whoami')).toMatchObject({ subjectType: 'user', userEmail: 'admin@localhost' });
      await command(project, ['deploy']);
      expect(await ask(project, '/get/greeting')).toBe('hello');
    });

    it('with scaling: as many tasks as asked for serve, and may become more [CFG-9]', async () => {
      const project = await newProject('scaling');
      await command(project, ['deploy', 'init', '--name', 'scaling']);
      const service = `runlayer-default-${await project.id()}`;
      await scaling.expectService(service);
      await project.configure({ infrastructure: '  scaling:\n    min_replicas: 2\n    max_replicas: 3\n    target_cpu_percent: 60' });
      await command(project, ['deploy']);
      const hosts = new Set<string | undefined>();
      await waitFor('both tasks answering', async () => {
        hosts.add((await environmentOf(project))['HOSTNAME']);
        return hosts.size === 2 ? true : undefined;
      });
      const targets = new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs', ResourceIds: [`service/runlayer-default/${service}`] });
      const { ScalableTargets } = await new ApplicationAutoScalingClient(scaling.config).send(targets);
      expect(ScalableTargets).toMatchObject([{ MinCapacity: 2, MaxCapacity: 3 }]);
    });

    it('badly: each fault is named with its evidence and a fix, and the former release serves on [PLAT-4, CLI-3, AWS-4]', async () => {
      const project = await newProject('faulty');
      await project.configure({ env: { TOKEN: 'good' } });
      await command(project, ['deploy']);
      const faults: [Parameters<Project['configure']>[0], RegExp][] = [
        [{ image: `${stage.registryHost}/runlayer/default@sha256:${'0'.repeat(64)}` }, /does not exist where the platform looks for it/],
        [{ env: { TOKEN: 'bad', EXIT_CODE: '3' } }, /exited with code 3[^]*DATABASE_URL is not set/],
        [{ env: { TOKEN: 'bad', PORT: '9000' } }, /port 8000/],
        [{ env: { TOKEN: 'bad', NOT_FOUND: '1' }, path: '/mcp' }, /\/mcp/],
      ];
      for (const [wanted, evidence] of faults) {
        await project.configure(wanted);
        const said = await command(project, ['deploy'], 1);
        expect(said).toMatch(evidence);
        expect(said).toContain('The release before it goes on serving.');
        expect((await environmentOf(project))['TOKEN']).toBe('good');
        expect(await recordOf(project)).toMatchObject({ state: 'serving' });
      }
    });

    it('badly the first time: nothing serves, and it says so; the next good release does, on the platform of its image [PLAT-4, CFG-5]', async () => {
      const project = await newProject('unlucky');
      await project.configure({ env: { EXIT_CODE: '3' }, platform: false });
      expect(await command(project, ['deploy'], 1)).toContain('DATABASE_URL is not set');
      expect(await recordOf(project)).toMatchObject({ state: 'failed' });
      await expect(environmentOf(project)).rejects.toThrow(/answered 50\d/);
      await project.configure({ env: { TOKEN: 'good' }, platform: false });
      await command(project, ['deploy']);
      expect((await environmentOf(project))['TOKEN']).toBe('good');
      // What the command builds where the file states no platform.
      expect(await architectureOf(project)).toBe('ARM64');
    });
  });

  it('with a secret in env: it is in the container, and nowhere else [SEC-1, PLAT-4]', async () => {
    const canary = `canary-${randomBytes(12).toString('hex')}`;
    const hidden = [canary, Buffer.from(canary).toString('base64').replaceAll('=', '')];
    const project = await newProject('secret');
    const written: string[] = [];
    const deploy = async (env: Record<string, string>, code: number): Promise<void> => {
      await project.configure({ env: { TOKEN: '${CANARY}', ...env } });
      written.push(await command(project, ['deploy'], code, { CANARY: canary }));
    };
    await deploy({}, 0);
    expect((await environmentOf(project))['TOKEN']).toBe(canary);
    await deploy({ EXIT_CODE: '3' }, 1);
    const id = await project.id();
    const history = await platform.api<{ data: { id: string }[] }>('GET', `/deployments/${id}/history?limit=100`);
    const paths = ['', '/status', '/export-yaml', '/logs', '/history?limit=100'].map((path) => `/deployments/${id}${path}`);
    paths.push('/deployments', '/audit-events', ...history.data.map((one) => `/deployments/history/${one.id}/logs`));
    const { password } = await platform.api<{ password: string }>('POST', '/deployments/registry-credentials');
    expect(password.length).toBeGreaterThan(3);
    expect([platform.output(), ...written].filter((said) => said.includes(password))).toEqual([]);
    const places = {
      ...(await placesOnAws(stage.config)),
      'the output of the command': written.join(''),
      "the server's log": platform.output(),
      ...Object.fromEntries(
        await Promise.all(paths.map(async (path): Promise<[string, string]> => [path, JSON.stringify(await platform.api('GET', path))])),
      ),
    };
    expect(Object.values(places).every((place) => place.length > 2)).toBe(true);
    expect(Object.entries(places).flatMap(([place, said]) => (hidden.some((one) => said.includes(one)) ? [place] : []))).toEqual([]);
  });

  const roleOf = async (arn: string | null): Promise<{ RoleId: string | undefined }> => {
    const { Role } = await new IAMClient(stage.config).send(new GetRoleCommand({ RoleName: arn?.split('/').at(-1) }));
    return { RoleId: Role?.RoleId };
  };

  const architectureOf = async (project: Project): Promise<string | undefined> => {
    const taskDefinition = `runlayer-default-${await project.id()}`;
    const found = await new ECSClient(stage.config).send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    return found.taskDefinition?.runtimePlatform?.cpuArchitecture;
  };

  /** Containers that run with the deployment's id in their environment. */
  async function containersWith(id: string): Promise<string[]> {
    const found = await Promise.all(
      (await docker.listContainers()).map(({ Id }) =>
        docker
          .getContainer(Id)
          .inspect()
          .catch(() => undefined),
      ),
    );
    return found.filter((one) => one?.Config.Env?.includes(`RUNLAYER_DEPLOYMENT_ID=${id}`)).map((one) => one?.Id ?? '');
  }
});
