import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeServicesCommand, ECSClient, ListTaskDefinitionsCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { buildServerImage, pushImage } from '@runlayer/aws-provisioner/testing/images';
import { emulatorMissing } from '@runlayer/aws-provisioner/testing/emulator';
import { startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { commandMissing, describeWith, postgresMissing, temporaryPostgres, type TemporaryPostgres } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openAwsStage, type AwsStage } from './aws-stage.ts';
import { createDeployment, destroy, docker, ended, release } from './deployments.ts';

const missing = (await emulatorMissing()) ?? commandMissing('cc');
const cluster = 'runlayer-default';
const tag = `runlayer-test-aws-killed:${process.pid}`;

let stage: AwsStage;
let image: string;

const yaml = (name: string, env: Readonly<Record<string, string>>): string =>
  `name: ${name}\nruntime: docker\nbuild:\n  platform: x86\nservice:\n  port: 8000\ninfrastructure:\n  cpu: 256\n  memory: 512\n  platform: x86\nenv:\n${Object.entries(
    env,
  )
    .map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`)
    .join('')}`;

/** Each suite pushes for itself: unlike ECR, the emulator takes the whole image away with the first of its tags that is removed. */
const push = (): Promise<string> => pushImage(docker, stage.emulator, tag, 'runlayer/default');

/** The value that the container was started with, through the proxy. */
async function roundOf(platform: Platform, id: string): Promise<string | undefined> {
  const response = await fetch(`${platform.url}/api/v1/proxy/hosted/${id}/env`, { headers: { 'x-runlayer-api-key': platform.adminKey } });
  const text = await response.text();
  if (!response.ok) throw new Error(`The proxy answered ${response.status}: ${text}`);
  return (JSON.parse(text) as Record<string, string>)['ROUND'];
}

/** Resolves once a server routes to the container of that round: one that did not release it hears of it a moment later. */
async function serves(platform: Platform, id: string, round: string): Promise<void> {
  await waitFor(`${round} being served`, async () => ((await roundOf(platform, id).catch(() => undefined)) === round ? true : undefined));
}

/** What of a deployment runs on AWS: its service with as many tasks as wanted, no task beside it, one task definition. */
async function expectOneOfEach(id: string): Promise<void> {
  const ecs = new ECSClient(stage.config);
  const name = `runlayer-default-${id}`;
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [name] }));
  expect(services).toMatchObject([{ status: 'ACTIVE', desiredCount: 1 }]);
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, family: name, desiredStatus: 'RUNNING' }));
  expect(taskArns).toHaveLength(1);
  const { taskDefinitionArns } = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: name, status: 'ACTIVE' }));
  expect(taskDefinitionArns).toHaveLength(1);
}

/** Resolves once the log of a release says so. */
async function told(platform: Platform, releaseId: string, line: RegExp): Promise<void> {
  await waitFor(`the log saying ${line}`, async () => {
    const { logs } = await platform.api<{ logs: string | null }>('GET', `/deployments/history/${releaseId}/logs`);
    return line.test(logs ?? '') ? true : undefined;
  });
}

beforeAll(async () => {
  if (missing !== undefined) return;
  [stage] = await Promise.all([openAwsStage(), buildServerImage(docker, tag)]);
});

afterAll(async () => {
  if (missing !== undefined) return;
  await stage.close();
  await docker.getImage(tag).remove({ force: true });
});

describeWith(missing, 'a server killed in the middle of a release on AWS', () => {
  let dataDir: string;
  let platform: Platform;
  let id: string;
  let serving = 'first';

  beforeAll(async () => {
    image = await push();
    dataDir = await mkdtemp(join(tmpdir(), 'runlayer-aws-killed-'));
    platform = await startPlatform({ dataDir, env: stage.env });
    id = await createDeployment(platform, 'killed');
    await release(platform, id, yaml('killed', { ROUND: serving }), image);
    expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
  });
  afterAll(async () => {
    await destroy(platform, id);
    await platform.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it.each([
    ['the start of the trial', /beside the one that serves/, {}],
    ['the start of a trial that will fail', /beside the one that serves/, { EXIT_CODE: '3' }],
    ['the change of the service', /Rolls the service/, {}],
  ])('after %s goes on when it is started again, and ends truthfully [PLAT-4, AWS-4]', async (moment, line, env) => {
    const wanted = moment;
    const made = await release(platform, id, yaml('killed', { ROUND: wanted, ...env }), image);
    await told(platform, made, line);
    await platform.kill();
    platform = await startPlatform({ dataDir, port: platform.port, adminKey: platform.adminKey, env: stage.env });
    const { status } = await ended(platform, id);
    expect(status).toBe('EXIT_CODE' in env ? 'failed' : 'succeeded');
    if (status === 'succeeded') serving = wanted;
    expect(await roundOf(platform, id)).toBe(serving);
    await expectOneOfEach(id);
  });
});

describeWith(missing ?? postgresMissing(), 'two servers on one Postgres, and on AWS', () => {
  let postgres: TemporaryPostgres;
  let platforms: Platform[];
  const ids: string[] = [];

  beforeAll(async () => {
    image = await push();
    postgres = await temporaryPostgres();
    const shared = { DATABASE_URL: await postgres.fresh(), RUNLAYER_SEAL_KEY: randomBytes(32).toString('base64') };
    const first = await startPlatform({ env: { ...stage.env, ...shared } });
    const second = await startPlatform({ env: { ...stage.env, ...shared, RUNLAYER_URL: first.url }, adminKey: first.adminKey });
    platforms = [first, second];
  });
  afterAll(async () => {
    const [, second] = platforms;
    await Promise.all(ids.map((id) => destroy(second!, id)));
    await second!.stop();
    await postgres.stop();
  });

  it('both release, either serves all, and when one is killed in the middle the other ends its work [PLAT-4, AWS-4]', async () => {
    const [first, second] = platforms as [Platform, Platform];
    for (const name of ['a', 'b', 'c', 'd']) ids.push(await createDeployment(first, name));
    const all = (round: string): Promise<string[]> =>
      Promise.all(ids.map((id, index) => release(platforms[index % 2]!, id, yaml('shared', { ROUND: round }), image)));
    await all('first');
    for (const id of ids) expect(await ended(second, id)).toEqual(expect.objectContaining({ status: 'succeeded' }));
    for (const id of ids) for (const platform of platforms) await serves(platform, id, 'first');
    const made = await all('second');
    await told(second, made[0]!, /beside the one that serves/);
    await first.kill();
    for (const id of ids) expect(await ended(second, id)).toEqual(expect.objectContaining({ status: 'succeeded' }));
    for (const id of ids) {
      await serves(second, id, 'second');
      await expectOneOfEach(id);
    }
  });
});
