// What is left when the platform is killed, and how the next apply finishes it.
import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import type { WorkloadSpec } from '@runlayer/provisioner';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { applyAll, containerNames, destroy, get, serve } from '../fixtures/drive.ts';
import { buildTestImages, type TestImages } from '../fixtures/images.ts';
import { testSpec } from '../fixtures/specs.ts';
import { containerConfig } from './container-config.ts';
import { createDockerProvisioner } from './docker-provisioner.ts';
import { formerName, servingName } from './labels.ts';

const script = fileURLToPath(new URL('../fixtures/apply.ts', import.meta.url));

describeWith(await dockerMissing(), 'a deployment whose platform was killed', () => {
  const docker = new Docker();
  const installation = `test-${randomUUID().slice(0, 8)}`;
  const network = `runlayer-${installation}`;
  const make = (): ReturnType<typeof createDockerProvisioner> => createDockerProvisioner({ docker, installation });
  let images: TestImages;
  let spec: WorkloadSpec;

  beforeAll(async () => {
    images = await buildTestImages(docker);
  });
  afterEach(async () => {
    await destroy(make(), spec.deploymentId);
  });
  afterAll(() => images.remove());

  const next = (changes: Partial<WorkloadSpec>): WorkloadSpec => ({ ...spec, releaseId: randomUUID(), ...changes });
  const converged = async (wanted: WorkloadSpec): Promise<void> => {
    const endpoint = await serve(make(), wanted);
    expect(JSON.parse(await get(endpoint, '/env'))).toMatchObject(wanted.env);
    expect(await containerNames(docker, spec.deploymentId)).toEqual([servingName(spec.deploymentId)]);
    expect((await docker.getContainer(servingName(spec.deploymentId)).inspect()).HostConfig.RestartPolicy?.Name).toBe('unless-stopped');
  };
  const candidate = async (wanted: WorkloadSpec): Promise<Docker.Container> => {
    const around = { installation, network, reach: 'bridge' as const, extraHosts: [], stopSeconds: 1, cpus: 1 };
    const container = await docker.createContainer(containerConfig(wanted, around));
    await container.start();
    return container;
  };

  it('ends with one container, wherever the process was killed', async () => {
    spec = testSpec(images.server);
    await serve(make(), spec);
    for (const [round, delay] of [60, 150, 250, 350, 450, 600, 800, 1000].entries()) {
      const wanted = next({ env: { ROUND: String(round) } });
      const child = spawn(process.execPath, [script, installation, JSON.stringify(wanted)], { stdio: ['ignore', 'pipe', 'inherit'] });
      // Counted from the first byte, so that the start of Node does not eat the delay.
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const status = await make().status(spec.deploymentId);
      expect(status.state, `something serves after ${delay} ms`).toBe('serving');
      await converged(wanted);
    }
  });

  it('goes on with a container that was started and not yet healthy', async () => {
    spec = testSpec(images.server);
    await serve(make(), spec);
    const wanted = next({ env: { MODE: 'new' } });
    const { id } = await candidate(wanted);
    const events = await applyAll(make(), wanted);
    expect(events.at(-1)).toMatchObject({ type: 'serving', endpoints: [{ instance: id }] });
    await converged(wanted);
  });

  it('keeps serving between the two renames of a promotion, and finishes it', async () => {
    spec = testSpec(images.server);
    const former = await serve(make(), spec);
    const wanted = next({ env: { MODE: 'new' } });
    await candidate(wanted);
    await docker.getContainer(former.instance).rename({ name: formerName(spec.deploymentId, former.instance) });
    expect(await make().status(spec.deploymentId)).toMatchObject({ state: 'serving', releaseId: spec.releaseId });
    await converged(wanted);
  });

  it('removes the former container that was renamed and not yet removed', async () => {
    spec = testSpec(images.server);
    const former = await serve(make(), spec);
    const wanted = next({ env: { MODE: 'new' } });
    const container = await candidate(wanted);
    await docker.getContainer(former.instance).rename({ name: formerName(spec.deploymentId, former.instance) });
    await container.rename({ name: servingName(spec.deploymentId) });
    expect(await make().status(spec.deploymentId)).toMatchObject({ state: 'serving', releaseId: wanted.releaseId });
    await converged(wanted);
  });

  it('takes over the name of a container that a killed process had only created', async () => {
    spec = testSpec(images.server);
    await serve(make(), spec);
    const wanted = next({ env: { MODE: 'new' } });
    await docker.createContainer(
      containerConfig(wanted, { installation, network, reach: 'bridge', extraHosts: [], stopSeconds: 1, cpus: 1 }),
    );
    await converged(wanted);
  });

  it('is starting while its first container is not promoted', async () => {
    spec = testSpec(images.server);
    const other = testSpec(images.server);
    try {
      // Makes the network.
      await serve(make(), other);
      await candidate(spec);
      expect((await make().status(spec.deploymentId)).state).toBe('starting');
      expect((await make().plan(spec)).action).toBe('create');
      await converged(spec);
    } finally {
      await destroy(make(), other.deploymentId);
    }
  });
});
