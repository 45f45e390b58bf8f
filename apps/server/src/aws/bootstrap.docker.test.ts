// `runlayer-server aws` as a process, on an emulator: plan, apply, nothing to do, a foreign owner, and a deployment with the settings that it prints.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAwsProvisioner } from '@runlayer/aws-provisioner';
import { type BootstrapPlan, type NamedPolicy, serverPolicy } from '@runlayer/aws-provisioner/bootstrap';
import { destroy, environmentOf, serve } from '@runlayer/aws-provisioner/testing/drive';
import { type Emulator, emulatorMissing, startMinistack } from '@runlayer/aws-provisioner/testing/emulator';
import { buildServerImage, pushImage } from '@runlayer/aws-provisioner/testing/images';
import { type EmptyPlace, makeNetwork, occupyCluster } from '@runlayer/aws-provisioner/testing/network';
import { testSpec } from '@runlayer/aws-provisioner/testing/specs';
import { describeWith } from '@runlayer/test-services';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readSettings } from '../settings/read-settings.ts';
import { awsOptions } from '../start/aws-options.ts';
import { start, stopAll } from '../testing/program.ts';
import { runAws } from './run-aws.ts';

describeWith(await emulatorMissing(), 'aws bootstrap', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlayer-bootstrap-'));
  const docker = new Docker();
  const tag = `runlayer-test-bootstrap:${process.pid}-${Date.now()}`;
  let emulator: Emulator;
  let place: EmptyPlace;
  let environment: Record<string, string>;
  let args: string[];
  beforeAll(async () => {
    [emulator] = await Promise.all([startMinistack(), buildServerImage(docker, tag)]);
    place = await makeNetwork(emulator);
    environment = {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: place.region,
      RUNLAYER_AWS_ENDPOINT: emulator.endpoint,
      RUNLAYER_AWS_SCALING: 'off',
      RUNLAYER_AWS_POLL_MS: '50',
    };
    args = ['--vpc', place.vpc, '--subnets', place.subnets.join(',')];
  });
  afterAll(async () => {
    stopAll();
    await emulator.stop();
    await docker.getImage(tag).remove({ force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  const aws = (...line: string[]) => start(environment, 'aws', ...line).ended;

  it('tells what is missing, and does nothing that nobody has confirmed', async () => {
    expect(await aws('bootstrap')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Not given: --vpc (or RUNLAYER_AWS_VPC), --subnets (or RUNLAYER_AWS_SUBNETS).') as string,
    });
    const unconfirmed = await aws('bootstrap', ...args);
    expect(unconfirmed).toMatchObject({ code: 2, stdout: '' });
    expect(unconfirmed.stderr).toMatch(/create {2}ECS cluster[^]*6 to create, 0 to change\.[^]*nobody to ask[^]*Add --yes/);
    const plan = await aws('bootstrap', ...args, '--plan', '--json');
    const { steps } = JSON.parse(plan.stdout) as BootstrapPlan;
    expect({ ...plan, actions: steps.map(({ action }) => action) }).toMatchObject({ code: 0, actions: steps.map(() => 'create') });
  });

  it('refuses credentials of another account before it does anything', async () => {
    const { code, stderr } = await aws('bootstrap', ...args, '--account', '999988887777', '--yes');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('999988887777') as string });
  });

  it.each([
    ['no', false, 'Not confirmed'],
    ['nothing, as with Ctrl-C', undefined, 'nobody to ask'],
  ])('asks, and makes nothing where the answer is %s', async (_name, answer, said) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const [notes, questions]: [string[], string[]] = [[], []];
    const code = await runAws(['bootstrap', ...args], {
      print: (text) => expect(text).toBe('nothing is printed'),
      note: (text) => void notes.push(text),
      isInteractive: true,
      askYes: async (question) => {
        questions.push(question);
        return answer;
      },
    });
    vi.unstubAllEnvs();
    expect({ code, questions }).toEqual({ code: 2, questions: ['Make this? [y/N] '] });
    expect(notes.join('')).toMatch(new RegExp(`6 to create[^]*${said}`));
    const { steps } = JSON.parse((await aws('bootstrap', ...args, '--plan', '--json')).stdout) as BootstrapPlan;
    expect(steps.every(({ action }) => action === 'create')).toBe(true);
  });

  it('makes what is shared, prints settings and policies, and a container is deployed with them', async () => {
    const made = await aws('bootstrap', ...args, '--yes');
    expect(made.code).toBe(0);
    expect(made.stderr).toMatch(/6 to create[^]*created {4}ECS cluster runlayer-default\n[^]*created {4}role to push images/);
    const printed = Object.fromEntries(
      [...made.stdout.matchAll(/^(RUNLAYER_\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    expect(Object.keys(printed)).toContain('RUNLAYER_AWS_PERMISSIONS_BOUNDARY');
    const policies = JSON.parse(made.stdout.slice(made.stdout.indexOf('\n{'))) as Record<string, unknown>;
    expect(Object.keys(policies)).toEqual(['runlayer-default-server-compute', 'runlayer-default-server-data']);

    const settings = readSettings({ ...printed, RUNLAYER_AWS_REGISTRY_HOST: emulator.registryHost, RUNLAYER_AWS_POLL_MS: '50' });
    const provisioner = createAwsProvisioner({ ...awsOptions(settings), credentials: place.credentials, keepLogs: false, stopSeconds: 2 });
    const image = await pushImage(docker, emulator, tag, 'runlayer/default');
    const spec = testSpec(image, { secrets: { GREETING: 'hello' } });
    expect(await environmentOf(await serve(provisioner, spec))).toMatchObject({ GREETING: 'hello' });
    expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
    await docker
      .getImage(image)
      .remove({ force: true })
      .catch(() => {});
  });

  it('has nothing to do in a second run, and asks nobody', async () => {
    const { code, stdout, stderr } = await aws('bootstrap', ...args);
    expect(code).toBe(0);
    expect(stderr).toContain('Nothing to do: everything is there and as it should be.');
    expect(stdout).toContain('RUNLAYER_TARGET=aws\n');
    const { settings, policies, steps } = JSON.parse((await aws('bootstrap', ...args, '--json', '--yes')).stdout) as BootstrapPlan & {
      settings: Record<string, string>;
      policies: readonly NamedPolicy[];
    };
    expect(steps.filter(({ action }) => action !== 'none')).toEqual([]);
    expect(settings['RUNLAYER_AWS_VPC']).toBe(place.vpc);
    expect(policies).toEqual(serverPolicy({ region: place.region, account: settings['RUNLAYER_AWS_ACCOUNT'] ?? '', vpc: place.vpc }));
  });

  it('refuses what belongs to somebody else', async () => {
    await occupyCluster(place, 'runlayer-theirs');
    const { code, stdout, stderr } = await aws('bootstrap', ...args, '--environment', 'theirs', '--yes', '--json');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /The cluster runlayer-theirs exists[^]*hint: Remove or rename it, or give the platform another environment/,
      ) as string,
    });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ERR_AWS_FOREIGN_OWNER' } });
  });

  it('writes the policies to files, also without asking AWS', async () => {
    const file = join(folder, 'server.json');
    const line = ['--vpc', place.vpc, '--account', '111122223333', '--policy-file', file];
    const { code, stdout } = await start({ AWS_REGION: place.region }, 'aws', 'policy', ...line).ended;
    expect(code).toBe(0);
    expect(stdout).toContain(`--policy-document file://${join(folder, 'server-data.json')}\n`);
    const [compute] = serverPolicy({ region: place.region, account: '111122223333', vpc: place.vpc });
    expect(JSON.parse(readFileSync(join(folder, 'server-compute.json'), 'utf8'))).toEqual(compute?.document);
    const { stdout: own } = await aws('policy', '--vpc', place.vpc, '--of', 'bootstrap');
    expect(JSON.parse(own)).toMatchObject({ 'runlayer-default-bootstrap': { Statement: expect.arrayContaining([]) as unknown } });
  });

  it('ends with Ctrl-C, and the next run goes on', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    const asked = new Promise((resolve) => silent.once('request', resolve));
    const run = start({ ...environment, RUNLAYER_AWS_ENDPOINT: `http://127.0.0.1:${port}` }, 'aws', 'bootstrap', ...args, '--yes');
    await asked;
    run.child.kill('SIGINT');
    expect(await run.ended).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringContaining('Stopped. What was made stays') as string,
    });
    silent.closeAllConnections();
    silent.close();
  });
});
