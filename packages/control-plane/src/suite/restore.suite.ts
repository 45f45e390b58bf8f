// What a platform has again after its database was lost, from what its target still knows.
import { describe, expect, it } from 'vitest';
import type { WorkloadSpec } from '@runlayer/provisioner';
import type { Database } from '../database/database.ts';
import { isKnownDeployment, openRestore, type Restore } from '../restore/open-restore.ts';
import type { FoundWorkload } from '../restore/found-workload.ts';
import { createSealer } from '../sealing/create-sealer.ts';
import { type Bench, createBench, deployed, ended, mortal, sealKey, until, yaml } from './bench.ts';

const file = yaml('  platform: x86\nenv: {TOKEN: a-secret-value, CALLBACK: $$DEPLOYMENT_URL/cb}\n');

export function restoreSuite(open: () => Database): void {
  describe('a restoration', () => {
    const restoreOf = (database: Database, repository?: string): Restore =>
      openRestore({ database, sealer: createSealer([sealKey]), command: 'test refresh', repository });

    /** Deploys, loses the database, and gives what the target knows with a platform on an empty database. */
    async function lost(): Promise<{ found: FoundWorkload; spec: WorkloadSpec; before: string; serverId: string; bench: Bench }> {
      const first = await createBench(open());
      await first.control.start();
      const { deployment } = await deployed(first, file);
      const before = await first.control.deployments.exportYaml(first.admin, deployment.id);
      await first.control.stop();
      const spec = first.applied[0]!;
      const { state, outputs } = await first.provisioner.status(deployment.id);
      const bench = await createBench(open(), { provisioner: first.provisioner });
      expect(await bench.control.deployments.list(bench.admin)).toMatchObject({ total: 0 });
      const found = { deploymentId: deployment.id, spec, state, outputs, createdAt: new Date('2026-01-02T03:04:05Z') };
      return { found, spec, before, serverId: deployment.serverId, bench: { ...bench, applied: first.applied } };
    }

    it('gives a deployment back with its ids, its file, its values and the release that serves', async () => {
      const { found, spec, before, serverId, bench } = await lost();
      const { control, admin } = bench;
      expect(await restoreOf(bench.database).restore(found)).toBe('restored');
      const restored = await control.deployments.get(admin, found.deploymentId);
      expect(restored).toMatchObject({
        name: 'notes',
        serverId,
        state: 'serving',
        servingReleaseId: spec.releaseId,
        outputs: found.outputs,
        createdBy: 'test refresh',
        createdAt: '2026-01-02T03:04:05.000Z',
      });
      const exported = await control.deployments.exportYaml(admin, found.deploymentId);
      const withoutImage = (text: string): string => text.replace(/^image: .*$/m, '');
      expect(withoutImage(exported)).toBe(withoutImage(before));
      expect(exported).toContain('$$DEPLOYMENT_URL/cb');
      const { items } = await control.releases.list(admin, found.deploymentId);
      expect(items).toEqual([expect.objectContaining({ id: spec.releaseId, number: 1, status: 'succeeded', pinnedImage: spec.image })]);
      expect((await control.releases.log(admin, spec.releaseId)).text).toMatch(/^Restored by test refresh/);
      expect((await control.audit.list(admin, { action: 'deployment.restored' })).items).toHaveLength(1);
      const route = await control.routes.deploymentRoute(found.deploymentId);
      expect(route).toMatchObject({ state: 'serving', servicePort: 8000, servicePath: '/mcp' });
      expect(route?.endpoints.length).toBe(1);
    });

    it('lets it be deployed again without a change at the target, and destroyed', async () => {
      const { found, spec, bench } = await lost();
      const { control, admin, applied } = bench;
      await restoreOf(bench.database).restore(found);
      await control.start();
      const release = await ended(bench, (await control.deployments.trigger(admin, found.deploymentId)).id);
      expect(release).toMatchObject({ status: 'succeeded', number: 2 });
      expect((await control.releases.log(admin, release.id)).text).toContain('Plan: nothing to change.');
      expect(applied.at(-1)).toEqual({ ...spec, releaseId: release.id, platform: 'x86', name: 'notes' });
      await control.deployments.destroy(admin, found.deploymentId);
      await until(
        () => control.deployments.get(admin, found.deploymentId),
        ({ state }) => state === 'deleted',
      );
      expect(await restoreOf(bench.database).restore(found)).toBe('known');
    });

    it('leaves alone what is known, and goes on after it was cut short', async () => {
      const { found, bench } = await lost();
      const { database, cut, restore: mend } = mortal(bench.database);
      const other = { deploymentId: crypto.randomUUID(), state: 'absent', outputs: {} } as const;
      const restore = restoreOf(database);
      await restore.restore(other);
      cut();
      await expect(restore.restore(found)).rejects.toThrow('cut off');
      mend();
      expect([await isKnownDeployment(database, other.deploymentId), await isKnownDeployment(database, found.deploymentId)]).toEqual([
        true,
        false,
      ]);
      expect([await restore.restore(other), await restore.restore(found), await restore.restore(found)]).toEqual([
        'known',
        'restored',
        'known',
      ]);
      expect((await bench.control.deployments.list(bench.admin)).total).toBe(2);
    });

    it('of one that is half made gives a record that can be destroyed', async () => {
      const { bench } = await lost();
      const { control, admin } = bench;
      const id = crypto.randomUUID();
      await restoreOf(bench.database).restore({ deploymentId: id, state: 'absent', outputs: {} });
      expect(await control.deployments.get(admin, id)).toMatchObject({ name: `restored-${id.slice(0, 8)}`, state: 'never_deployed' });
      await control.start();
      await control.deployments.destroy(admin, id);
      await until(
        () => control.deployments.get(admin, id),
        ({ state }) => state === 'deleted',
      );
    });

    it('tells why one does not serve, without the values of its variables', async () => {
      const { found, bench } = await lost();
      const failure = { code: 'exited_at_start', message: 'It said a-secret-value.', fix: 'Mend it.', evidence: { exitCode: 1 } } as const;
      await restoreOf(bench.database).restore({ ...found, state: 'failing', failure });
      const { items } = await bench.control.releases.list(bench.admin, found.deploymentId);
      expect(items[0]).toMatchObject({ status: 'failed', failure: { code: 'exited_at_start' } });
      expect(JSON.stringify(items)).not.toContain('a-secret-value');
    });

    it('takes an image of the managed repository for one that was built, and gives another server id where one is taken', async () => {
      const { found, spec, bench } = await lost();
      const { control, admin } = bench;
      const image = `registry.example/all@sha256:${'0'.repeat(64)}`;
      await restoreOf(bench.database, 'registry.example/all').restore({ ...found, spec: { ...spec, image } });
      expect((await control.deployments.get(admin, found.deploymentId)).configuration).toMatchObject({ mode: 'build' });
      const copy = { ...spec, deploymentId: crypto.randomUUID(), releaseId: 'not-one-of-ours' };
      await restoreOf(bench.database).restore({ ...found, deploymentId: copy.deploymentId, spec: copy });
      const other = await control.deployments.get(admin, copy.deploymentId);
      expect(other.configuration).toMatchObject({ mode: 'image', image: spec.image });
      expect(other.serverId).not.toBe((await control.deployments.get(admin, found.deploymentId)).serverId);
    });

    it('makes the organization in a new database, and refuses one that was sealed with another key', async () => {
      const { found, bench } = await lost();
      const wrong = openRestore({ database: bench.database, sealer: createSealer([Buffer.alloc(32, 1)]), command: 'test refresh' });
      await expect(wrong.restore(found)).rejects.toMatchObject({ code: 'ERR_SEAL_KEY_WRONG' });
      expect(await isKnownDeployment(bench.database, found.deploymentId)).toBe(false);
    });
  });
}
