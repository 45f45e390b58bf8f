import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import Docker from 'dockerode';
import { afterEach, expect, it } from 'vitest';
import { withDouble } from '../../testing/with-double.ts';

const docker = new Docker();
const dockerfile =
  'FROM scratch AS base\nCOPY file /file\nFROM scratch AS runtime\nARG EDITION\nLABEL edition=$EDITION\nCOPY --from=base /file /file\n';

describeWith(await dockerMissing(), 'runlayer deploy with a Docker engine', () => {
  const stage = withDouble();

  afterEach(async () => {
    for (const id of stage.platform.records.keys())
      await docker
        .getImage(`runlayer-local:${id}`)
        .remove({ force: true })
        .catch(() => {});
  });

  /** The project lies in a folder below the one where the command runs: its paths are its own. */
  async function project(build: string): Promise<void> {
    const folder = join(stage.sandbox.folder, 'service');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'Dockerfile'), dockerfile);
    await writeFile(join(folder, 'file'), 'content');
    await writeFile(join(folder, 'runlayer.yaml'), `name: notes\nruntime: docker\nbuild:\n  context: .\n${build}service:\n  port: 8000\n`);
  }

  const deploy = () => stage.runlayer(['deploy', '-c', 'service/runlayer.yaml']);

  it.each(['x86', 'arm'])('builds the stage, arguments and platform of the file: %s [CLI-3, CLI-8, CFG-2]', async (platform) => {
    await project(`  target: runtime\n  platform: ${platform}\n  args:\n    EDITION: "second"\n`);
    const done = await deploy();
    expect(done, done.stderr).toMatchObject({ code: 0 });
    const [record] = stage.platform.records.values();
    const reference = `runlayer-local:${record?.id}`;
    expect(stage.platform.seen.find(({ method }) => method === 'PUT')?.body).toMatchObject({ docker_image: reference });
    const { Config, Architecture } = await docker.getImage(reference).inspect();
    expect(Config.Labels).toEqual({ edition: 'second' });
    expect(Architecture).toBe(platform === 'arm' ? 'arm64' : 'amd64');
    expect(stage.requests().indexOf('POST /deployments/registry-credentials')).toBeLessThan(stage.requests().indexOf('POST /deployments/'));
  });

  it.each([
    ['no stage is chosen', '', /2 stages[\s\S]*build\.target: runtime/],
    ['an unknown stage is', '  target: runtimes\n', /runtime/],
    ['the Dockerfile is missing', '  dockerfile: Other\n', /Other/],
  ])('says exactly what is missing when %s, and leaves no record behind [CLI-8]', async (_what, build, message) => {
    await project(build);
    expect(await deploy()).toMatchObject({ code: 1, stderr: expect.stringMatching(message) as string });
    expect(stage.platform.records.size).toBe(0);
  });
});
