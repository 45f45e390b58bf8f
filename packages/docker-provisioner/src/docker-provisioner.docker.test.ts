// What is special to Docker: limits, isolation, health, causes of failure, what destroy takes along.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import Docker, { type ContainerInspectInfo } from 'dockerode';
import type { WorkloadSpec } from '@runlayer/provisioner';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { applyAll, containerNames, destroy, failureOf, get, serve, until } from '../fixtures/drive.ts';
import { buildTestImages, type TestImages } from '../fixtures/images.ts';
import { testSpec } from '../fixtures/specs.ts';
import { createDockerProvisioner } from './docker-provisioner.ts';
import { droppedCapabilities } from './container-config.ts';
import { label, servingName } from './labels.ts';
import { parseListeners, tablesFromInside } from './listening.ts';

describeWith(await dockerMissing(), 'a deployment on Docker', () => {
  const docker = new Docker();
  const installation = `test-${randomUUID().slice(0, 8)}`;
  const provisioner = createDockerProvisioner({ docker, installation, healthTimeoutMs: 20_000, graceMs: 500 });
  const used: string[] = [];
  let images: TestImages;

  beforeAll(async () => {
    images = await buildTestImages(docker);
  });
  afterEach(async () => {
    for (const id of used.splice(0)) await destroy(provisioner, id);
  });
  afterAll(() => images.remove());

  function spec(changes: Partial<WorkloadSpec> = {}, image: keyof Omit<TestImages, 'remove'> = 'server'): WorkloadSpec {
    const made = testSpec(images[image], changes);
    used.push(made.deploymentId);
    return made;
  }
  const inspect = (wanted: WorkloadSpec): Promise<ContainerInspectInfo> => docker.getContainer(servingName(wanted.deploymentId)).inspect();

  it('gets its limits, no swap, few rights, and no public port', async () => {
    const wanted = spec({ cpu: 512, memoryMiB: 1024 });
    const endpoint = await serve(provisioner, wanted);
    const { HostConfig: host, NetworkSettings: network } = await inspect(wanted);
    expect(host).toMatchObject({
      NanoCpus: 500_000_000,
      Memory: 1024 ** 3,
      MemorySwap: 1024 ** 3,
      Privileged: false,
      PidsLimit: 4096,
      Init: true,
    });
    expect(host.CapDrop).toEqual(expect.arrayContaining([...droppedCapabilities]));
    expect(host.SecurityOpt).toContain('no-new-privileges');
    expect(host.RestartPolicy?.Name).toBe('unless-stopped');
    expect(host.LogConfig?.Config).toEqual({ 'max-size': '10m', 'max-file': '3' });
    expect(Object.values(network.Ports).flat().filter(Boolean)).toEqual([]);
    expect(endpoint.host).toMatch(/^(172|192|10)\./);
  });

  it('is published on loopback only, where addresses of containers lead nowhere', async () => {
    const wanted = spec();
    const remote = createDockerProvisioner({ docker, installation, reach: 'loopback' });
    const endpoint = await serve(remote, wanted);
    expect(endpoint.host).toBe('127.0.0.1');
    const bindings = Object.values((await inspect(wanted)).NetworkSettings.Ports).flat();
    expect(bindings.map((binding) => binding.HostIp)).toEqual(['127.0.0.1']);
    expect(await get(endpoint, '/')).toBe('{}');
  });

  it('runs with all CPUs of the engine where more are asked for', async () => {
    const events = await applyAll(provisioner, spec({ cpu: 1024 * 1024, memoryMiB: 2048 }));
    expect(events.at(-1)?.type).toBe('serving');
    expect(JSON.stringify(events)).toMatch(/The engine has \d+ CPUs/);
  });

  it('cannot be reached by another deployment, and reaches the host', async () => {
    const [one, two] = [await serve(provisioner, spec()), await serve(provisioner, spec())];
    expect(await get(one, `/connect/${two.host}/${two.port}`)).toBe('"no way"');
    expect(await get(two, '/')).toBe('{}');
    const server = createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    try {
      const gateway = one.host.replace(/\d+$/, '1');
      expect(await get(one, `/connect/${gateway}/${(server.address() as AddressInfo).port}`)).toBe('"connected"');
    } finally {
      server.close();
    }
  });

  it('names the deployment, the release and the installation in its labels, and no value of a variable [SEC-1]', async () => {
    const wanted = spec({ env: { PLAIN: 'plain-value' }, secrets: { KEY: 'secret-value' } });
    await serve(provisioner, wanted);
    const labels = (await inspect(wanted)).Config.Labels;
    expect(labels).toMatchObject({
      [label.deployment]: wanted.deploymentId,
      [label.release]: wanted.releaseId,
      [label.installation]: installation,
    });
    expect(JSON.stringify(labels)).not.toMatch(/plain-value|secret-value/);
  });

  it.each<[string, Partial<WorkloadSpec>]>([
    ['answers its MCP path only to POST', { path: '/mcp', env: { POST_ONLY: '1' } }],
    ['holds an event stream open', { path: '/sse', env: { HOLD: '1' } }],
    ['takes a while to start', { env: { START_DELAY_MS: '1500' } }],
    ['answers 404 where no path is stated', { env: { NOT_FOUND: '1' } }],
  ])('serves a server that %s', async (_name, changes) => {
    await serve(provisioner, spec(changes));
  });

  it('waits for the health check of the image', async () => {
    const wanted = spec({ env: { HEALTH: 'ok' } }, 'checked');
    await serve(provisioner, wanted);
    expect((await inspect(wanted)).State.Health?.Status).toBe('healthy');
  });

  it('shows what a failing start wrote, without the values of secrets [PLAT-4, SEC-1]', async () => {
    const wanted = spec({ env: { EXIT_CODE: '3' }, secrets: { EXIT_TEXT: 'refused: hunter2-hunter2', PASSWORD: 'hunter2-hunter2' } });
    const events = await applyAll(provisioner, wanted);
    expect(JSON.stringify(events)).not.toContain('hunter2');
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      failure: { code: 'exited_at_start', message: 'The container exited with code 3.', evidence: { exitCode: 3, lastLines: ['***'] } },
    });
    expect(events).toContainEqual({ type: 'log', line: '***' });
  });

  it.each<[string, Partial<WorkloadSpec>, keyof Omit<TestImages, 'remove'>, object]>([
    [
      'a command that is not in the image',
      {},
      'commandless',
      { code: 'exited_at_start', message: expect.stringContaining('could not be run') },
    ],
    [
      'a program of another architecture',
      {},
      'garbled',
      { code: 'wrong_architecture', evidence: expect.objectContaining({ architecture: 'sparc' }) },
    ],
    [
      'a command that ends by itself',
      { env: { EXIT_CODE: '0' } },
      'server',
      { code: 'exited_at_start', message: expect.stringContaining('by itself') },
    ],
    [
      'another port',
      { env: { PORT: '9000' } },
      'server',
      {
        code: 'wrong_port',
        message: 'The container listens on 9000, not on 8000.',
        evidence: expect.objectContaining({ listening: ['9000'] }),
      },
    ],
    [
      'a loopback port',
      { env: { BIND: '127.0.0.1' } },
      'server',
      { code: 'bound_to_loopback', evidence: expect.objectContaining({ listening: ['127.0.0.1:8000'] }) },
    ],
    [
      'a missing MCP path',
      { path: '/mcp', env: { NOT_FOUND: '1' } },
      'server',
      { code: 'mcp_path_missing', evidence: expect.objectContaining({ httpStatus: 404 }) },
    ],
    [
      'a health check that fails',
      { env: { HEALTH: 'no database' } },
      'checked',
      { code: 'unhealthy', evidence: { lastLines: ['health is no database'] } },
    ],
  ])('names %s, long before the deadline [PLAT-4]', async (_name, changes, image, failure) => {
    const wanted = spec(changes, image);
    const began = performance.now();
    expect(await failureOf(provisioner, wanted)).toMatchObject(failure);
    expect(performance.now() - began).toBeLessThan(18_000);
    expect(await containerNames(docker, wanted.deploymentId)).toEqual([]);
  });

  it('names a server that takes connections and never answers, at the deadline [PLAT-4]', async () => {
    const hasty = createDockerProvisioner({ docker, installation, healthTimeoutMs: 1000 });
    const failure = await failureOf(hasty, spec({ env: { MUTE: '1' } }));
    expect(failure).toMatchObject({ code: 'unhealthy', evidence: { listening: ['8000'], lastLines: ['started'] } });
  });

  it('refuses an architecture other than the stated one before anything is created, already in the plan [CFG-5]', async () => {
    const own = ((await docker.info()) as { Architecture: string }).Architecture === 'x86_64' ? 'x86' : 'arm';
    const wanted = spec({ platform: own === 'x86' ? 'arm' : 'x86' });
    expect((await provisioner.plan(wanted)).blocker?.code).toBe('wrong_architecture');
    const events = await applyAll(provisioner, wanted);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'failed', failure: { code: 'wrong_architecture' } });
    expect(await containerNames(docker, wanted.deploymentId)).toEqual([]);
    expect((await provisioner.plan(spec({}, 'foreign'))).blocker?.code).toBe('wrong_architecture');
    expect((await provisioner.plan(spec({ platform: own }))).blocker).toBeUndefined();
  });

  it('is started again by the engine when it crashes, and seen serving again', async () => {
    const wanted = spec();
    await get(await serve(provisioner, wanted), '/exit').catch(() => '');
    await until(async () => (await inspect(wanted)).RestartCount > 0, 'the engine starts it again');
    await until(async () => (await provisioner.status(wanted.deploymentId)).state === 'serving', 'it serves again');
    expect((await provisioner.plan(wanted)).action).toBe('none');
  });

  it('says where it listens instead, once it has served and moved to another port [PLAT-4]', async () => {
    const wanted = spec();
    await get(await serve(provisioner, wanted), '/move');
    const failure = { code: 'wrong_port', message: 'The container listens on 9000, not on 8000.' };
    await until(async () => (await provisioner.status(wanted.deploymentId)).state !== 'serving', 'it is seen to be gone');
    // So soon after its start it may still be starting.
    expect(await provisioner.status(wanted.deploymentId)).toMatchObject({ state: 'starting', endpoints: [], failure });
    const hasty = createDockerProvisioner({ docker, installation, healthTimeoutMs: 1 });
    expect(await hasty.status(wanted.deploymentId)).toMatchObject({ state: 'failing', endpoints: [], failure });
  });

  it('sees a tag that has moved to another image', async () => {
    const tag = `runlayer-local:${randomUUID()}`;
    await docker.getImage(images.server).tag({ repo: 'runlayer-local', tag: tag.split(':')[1]! });
    const wanted = { ...spec(), image: tag };
    try {
      await serve(provisioner, wanted);
      expect((await provisioner.plan(wanted)).action).toBe('none');
      await docker.getImage(images.checked).tag({ repo: 'runlayer-local', tag: tag.split(':')[1]! });
      expect(await provisioner.plan(wanted)).toMatchObject({ action: 'replace', changes: [{ field: 'image' }] });
    } finally {
      await destroy(provisioner, wanted.deploymentId);
      await docker.getImage(tag).remove({ force: true });
    }
  });

  it('takes the tags of its image along when it is destroyed, and leaves the image that others use', async () => {
    const wanted = spec();
    await docker.getImage(images.server).tag({ repo: 'runlayer-local', tag: wanted.deploymentId });
    await docker.getImage(images.server).tag({ repo: '127.0.0.1:5999/mine', tag: wanted.deploymentId });
    await serve(provisioner, wanted);
    expect(await destroy(provisioner, wanted.deploymentId)).toEqual([]);
    const tags = (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
    expect(tags.filter((tag) => tag.includes(wanted.deploymentId))).toEqual([]);
    expect(tags).toContain(images.server);
  });

  it('tells the ports of a container also where the host cannot look into it', async () => {
    const wanted = spec({ env: { PORT: '8000' } });
    await serve(provisioner, wanted);
    const tables = await tablesFromInside(docker, (await inspect(wanted)).Id);
    expect(parseListeners(tables ?? '')).toEqual([{ port: 8000, loopback: false }]);
  });

  it('keeps its containers apart from those of another installation on the same engine', async () => {
    const wanted = spec();
    await serve(provisioner, wanted);
    const other = createDockerProvisioner({ docker, installation: `${installation}-b` });
    expect((await other.status(wanted.deploymentId)).state).toBe('absent');
    expect(await destroy(other, randomUUID())).toEqual([]);
    expect((await provisioner.status(wanted.deploymentId)).state).toBe('serving');
  });

  it('removes its network with the last deployment', async () => {
    const alone = createDockerProvisioner({ docker, installation: `${installation}-c` });
    const wanted = testSpec(images.server);
    const filters = { label: [`${label.installation}=${installation}-c`] };
    try {
      await serve(alone, wanted);
      expect(await docker.listNetworks({ filters })).toHaveLength(1);
    } finally {
      await destroy(alone, wanted.deploymentId);
    }
    expect(await docker.listNetworks({ filters })).toEqual([]);
  });
});
