// What becomes of a deployment's table on an engine: made first, kept, shown in the plan, removed last.
import { randomUUID } from 'node:crypto';
import { commandMissing, describeWith, dockerMissing } from '@runlayer/test-services';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyAll, containerNames, destroy, failureOf, get, serve } from '../fixtures/drive.ts';
import { buildTestImages, type TestImages } from '../fixtures/images.ts';
import { memoryTables } from '../fixtures/memory-tables.ts';
import { testSpec } from '../fixtures/specs.ts';
import { createDockerProvisioner } from './docker-provisioner.ts';

describeWith((await dockerMissing()) ?? commandMissing('cc'), 'a deployment with a table', () => {
  const docker = new Docker();
  const tables = memoryTables();
  const provisioner = createDockerProvisioner({ docker, installation: `test-${randomUUID().slice(0, 8)}`, tables });
  let images: TestImages;
  beforeAll(async () => {
    images = await buildTestImages(docker);
  });
  afterAll(() => images.remove());

  it('gets it before its container starts, keeps it through releases and loses it with the deployment [CFG-6]', async () => {
    const spec = testSpec(images.server, { database: true });
    const { changes } = await provisioner.plan(spec);
    expect(changes).toContainEqual({ field: 'env.DB_TABLE_NAME', after: `test-${spec.deploymentId}` });
    expect(changes).toContainEqual({ field: 'secrets.AWS_SECRET_ACCESS_KEY', after: '***' });
    expect(tables.namesOf(spec.deploymentId)).toEqual([]);

    const events = await applyAll(provisioner, spec);
    const steps = events.flatMap((event) => (event.type === 'step' ? [event.step] : []));
    expect(steps.indexOf('table')).toBeLessThan(steps.indexOf('create'));
    expect(events.at(-1)).toMatchObject({ type: 'serving', outputs: { tableName: `test-${spec.deploymentId}` } });
    expect(JSON.stringify(events)).not.toContain('secret-of');
    const { endpoints, outputs } = await provisioner.status(spec.deploymentId);
    expect(outputs).toEqual({ tableName: `test-${spec.deploymentId}` });
    expect(JSON.parse(await get(endpoints[0]!, '/env'))).toMatchObject({ DB_TABLE_NAME: `test-${spec.deploymentId}` });

    await serve(provisioner, { ...spec, releaseId: randomUUID(), database: false });
    expect(tables.namesOf(spec.deploymentId)).toHaveLength(1);
    expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
    expect(tables.namesOf(spec.deploymentId)).toEqual([]);
  });

  it('has it made anew where it was lost, and the plan says so', async () => {
    const spec = testSpec(images.server, { database: true });
    await serve(provisioner, spec);
    await tables.removeTable(spec.deploymentId);
    expect(await provisioner.plan(spec)).toMatchObject({ action: 'replace', changes: [{ field: 'table' }] });
    const former = (await provisioner.status(spec.deploymentId)).endpoints[0]?.instance;
    expect((await serve(provisioner, spec)).instance).toBe(former);
    expect(await provisioner.plan(spec)).toMatchObject({ action: 'none' });
    await destroy(provisioner, spec.deploymentId);
  });

  it('fails with the reason where no table can be made, and no container is left', async () => {
    const spec = testSpec(images.server, { database: true });
    tables.breakWith(Object.assign(new Error('The store ended.'), { hint: 'Look at its log.' }));
    try {
      const failure = await failureOf(provisioner, spec);
      expect(failure).toMatchObject({
        code: 'engine_error',
        message: 'The table could not be made: The store ended.',
        fix: 'Look at its log.',
      });
      expect(await containerNames(docker, spec.deploymentId)).toEqual([]);
      await expect(destroy(provisioner, spec.deploymentId)).rejects.toThrow('The store ended.');
    } finally {
      tables.breakWith(undefined);
    }
    expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
  });
});
