// The conformance suite against a real engine.
import Docker from 'dockerode';
import { randomUUID } from 'node:crypto';
import type { FailureCode, WorkloadSpec } from '@runlayer/provisioner';
import { type ConformanceHarness, provisionerConformance } from '@runlayer/provisioner/testing';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, it } from 'vitest';
import { buildTestImages, type TestImages } from '../fixtures/images.ts';
import { memoryTables } from '../fixtures/memory-tables.ts';
import { testSpec } from '../fixtures/specs.ts';
import { createDockerProvisioner } from './docker-provisioner.ts';
import { label, servingName } from './labels.ts';
import type { Reach } from './options.ts';

describeWith(await dockerMissing(), 'the Docker provisioner [PLAT-4]', () => {
  const docker = new Docker();
  const installation = `test-${randomUUID().slice(0, 8)}`;
  let images: TestImages;
  beforeAll(async () => {
    images = await buildTestImages(docker);
  });
  afterAll(async () => {
    // The cases end side by side, each with a provisioner that knows nothing of the others: one more destroy is certainly the last.
    for await (const event of createDockerProvisioner({ docker, installation }).destroy(randomUUID())) void event;
    await images.remove();
  });

  const failing: Partial<Record<FailureCode, () => WorkloadSpec>> = {
    image_missing: () => testSpec(`sha256:${'0'.repeat(64)}`),
    wrong_architecture: () => testSpec(images.foreign),
    exited_at_start: () => testSpec(images.server, { env: { EXIT_CODE: '3', EXIT_TEXT: 'DATABASE_URL is not set' } }),
    out_of_memory: () => testSpec(images.server, { memoryMiB: 32, env: { HOG: '1' } }),
    wrong_port: () => testSpec(images.server, { env: { PORT: '9000' } }),
    bound_to_loopback: () => testSpec(images.server, { env: { BIND: '127.0.0.1' } }),
    not_listening: () => testSpec(images.server, { env: { IDLE: '1' } }),
    unhealthy: () => testSpec(images.checked, { env: { HEALTH: 'bad' } }),
    mcp_path_missing: () => testSpec(images.server, { path: '/mcp', env: { NOT_FOUND: '1' } }),
  };

  const harness = (reach: Reach): ConformanceHarness => ({
    createProvisioner: () => createDockerProvisioner({ docker, installation, reach, healthTimeoutMs: 6000, graceMs: 500 }),
    specs: { serving: () => testSpec(images.server), failing },
    listResources: async (deploymentId) => {
      const listed = await docker.listContainers({ all: true, filters: { label: [`${label.deployment}=${deploymentId}`] } });
      return listed.map(({ Names }) => Names[0] ?? '');
    },
    // A killed container stays down, whatever its restart policy.
    crash: (deploymentId) => docker.getContainer(servingName(deploymentId)).kill(),
  });

  // Side by side: most of each case is waiting, and each has deployments of its own.
  it.concurrent.each(provisionerConformance(harness('bridge')))('$name', ({ run }) => run());

  // What of the suite depends on the way to the container.
  const byAddress =
    /former instance answers|crashed instance|wrong_port|bound_to_loopback|unhealthy|logs follows new lines|watch tells that/;
  const loopbackCases = provisionerConformance(harness('loopback')).filter(({ name }) => byAddress.test(name));
  it.concurrent.each(loopbackCases)('by a loopback port: $name', ({ run }) => run());

  // With somebody who keeps tables, and deployments that want one.
  const tables = memoryTables();
  const untabled = harness('bridge');
  const withTables = provisionerConformance({
    ...untabled,
    createProvisioner: () =>
      createDockerProvisioner({ docker, installation, reach: 'bridge', healthTimeoutMs: 6000, graceMs: 500, tables }),
    specs: { serving: () => testSpec(images.server, { database: true }), failing: {} },
    listResources: async (deploymentId) => [...(await untabled.listResources(deploymentId)), ...tables.namesOf(deploymentId)],
  });
  const byTable = /^plan only reads|unchanged spec|leave another alone|destroy leaves nothing|secret/;
  it.concurrent.each(withTables.filter(({ name }) => byTable.test(name)))('with a table: $name [CFG-6]', ({ run }) => run());
});
