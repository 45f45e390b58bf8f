import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createImageBuilder } from '@runlayer/image-builder';
import { ensureBaseImage } from '@runlayer/local-docker';
import { freePort, pythonEnvironment, run, startPlatform, waitFor, type Finished, type Platform } from '@runlayer/local-platform';
import { commandMissing, describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callEcho, containersOf, destroy, docker } from './deployments.ts';
import { createWorkspace, echoConfig, type Workspace } from './workspace.ts';

const python = await pythonEnvironment('tests/python/published-client.txt');
const missing =
  (await dockerMissing()) ??
  commandMissing('docker-registry') ??
  commandMissing('docker') ??
  (typeof python === 'string' ? python : undefined);

describeWith(missing, 'a platform with a registry', () => {
  let folder: string;
  let registry: ChildProcess;
  let platform: Platform;
  let workspace: Workspace;
  let repository: string;
  let base: string;

  beforeAll(async () => {
    await ensureBaseImage(docker, 'node:24-slim');
    folder = await mkdtemp(join(tmpdir(), 'runlayer-registry-'));
    const port = await freePort();
    const settings = `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${folder}/images}}\nhttp: {addr: "127.0.0.1:${port}"}\n`;
    await writeFile(join(folder, 'registry.yml'), settings);
    registry = spawn('docker-registry', ['serve', join(folder, 'registry.yml')], { stdio: 'ignore' });
    await waitFor('the registry answering', () =>
      fetch(`http://127.0.0.1:${port}/v2/`).then(
        () => true,
        () => undefined,
      ),
    );
    await pushBase(`127.0.0.1:${port}/base/node:24-slim`);
    repository = `127.0.0.1:${port}/team/servers`;
    platform = await startPlatform({
      env: { RUNLAYER_REGISTRY_URL: `http://127.0.0.1:${port}`, RUNLAYER_REGISTRY_REPOSITORY: repository },
    });
    workspace = await createWorkspace(platform);
  });

  afterAll(async () => {
    await platform.stop();
    await workspace.remove();
    await docker.getImage(base).remove({ force: true });
    registry.kill();
    await rm(folder, { recursive: true, force: true });
  });

  /** The published client pulls its base images always, so the base has to be in the registry. */
  async function pushBase(reference: string): Promise<void> {
    const images = createImageBuilder({ docker });
    await images.tag('node:24-slim', reference);
    for await (const event of images.push(reference)) if (event.type === 'pushed') base = reference;
  }

  /** The published client, as its users run it; it logs in with a Docker configuration of its own. */
  function published(args: readonly string[]): Promise<Finished> {
    const program = typeof python === 'string' ? '' : `${python.bin}/runlayer`;
    const env = { HOME: workspace.folder, DOCKER_CONFIG: join(workspace.folder, '.docker'), RUNLAYER_TELEMETRY_DISABLED: '1' };
    return run(program, ['--host', platform.url, '--secret', platform.adminKey, ...args], { cwd: workspace.folder, env });
  }

  it.each([
    ['runlayer of this repository', () => workspace.runlayer(['deploy'])],
    ['the published client, which loses the repository of a registry with a port', () => published(['deploy'])],
  ])('is pushed to by %s, and runs what was pushed by its digest [CLI-3, CLI-1]', async (name, deploy) => {
    const { id } = await platform.api<{ id: string }>('POST', '/deployments/', { name: 'pushed' });
    await workspace.write('Dockerfile', `FROM ${base}\nCOPY server.mjs /app/server.mjs\nUSER node\nCMD ["node", "/app/server.mjs"]\n`);
    await workspace.write(
      'runlayer.yaml',
      `id: ${id}\nbuild:\n  platform: ${process.arch === 'arm64' ? 'arm' : 'x86'}\n${echoConfig('pushed', { WHO: name })}`,
    );
    const done = await deploy();
    expect(done, done.stdout + done.stderr).toMatchObject({ code: 0 });
    expect((await callEcho(platform, id)).env['WHO']).toBe(name);
    const [container] = await containersOf(id);
    expect(container?.Image).toMatch(new RegExp(`^${repository}@sha256:[0-9a-f]{64}$`));
    await destroy(platform, id);
  });
});
