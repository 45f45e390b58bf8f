// What only several servers on one Postgres can show: takeover after a death, fencing, shared routes, and refusals at the start.
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Provisioner } from '@runlayer/provisioner';
import { createMemoryProvisioner, createMemoryTarget } from '@runlayer/provisioner/memory';
import { describe, expect, it, vi } from 'vitest';
import { rawRows } from '../database/raw-rows.ts';
import { openDatabase } from '../database/open-database.ts';
import { migrationsFolder } from '../migrations-folder.ts';
import type { RouteChange } from '../routes/route.ts';
import { createBench, deployed, ended, quickWorker, uploaded, until, yaml } from './bench.ts';

export function serversSuite(url: () => string, fresh: () => Promise<string>): void {
  describe('several servers', () => {
    it('goes on with what a dead server left, once its lease has run out', async () => {
      const target = createMemoryTarget();
      const hanging: Provisioner = {
        ...createMemoryProvisioner({ target }),
        async *apply() {
          yield { type: 'step', step: 'hang', message: 'Hanging.' };
          await new Promise(() => {});
        },
      };
      const dying = await openDatabase({ url: url() });
      const first = await createBench(dying, { provisioner: hanging });
      await first.control.start();
      const { id } = await uploaded(first);
      const begun = await first.control.deployments.trigger(first.admin, id);
      await until(
        () => first.control.releases.log(first.admin, begun.id),
        ({ text }) => text.includes('Hanging.'),
      );
      // The end of its connections is what the others see of a server that was killed.
      await dying.close();
      const database = await openDatabase({ url: url() });
      const second = await createBench(database, { keep: true, provisioner: createMemoryProvisioner({ target }) });
      await second.control.start();
      expect((await ended(second, begun.id)).status).toBe('succeeded');
      await second.control.stop();
      await database.close();
    });

    it('runs each release once, however many servers look for work', async () => {
      const databases = await Promise.all([1, 2, 3].map(() => openDatabase({ url: url() })));
      const [one, two, three] = databases;
      if (one === undefined || two === undefined || three === undefined) throw new Error('no database');
      const benches = [await createBench(one), await createBench(two, { keep: true }), await createBench(three, { keep: true })];
      const [first] = benches;
      if (first === undefined) throw new Error('no bench');
      const ids = await Promise.all(Array.from({ length: 8 }, async () => (await uploaded(first)).id));
      await Promise.all(benches.map(({ control }) => control.start()));
      const releases = await Promise.all(ids.map((id) => first.control.deployments.trigger(first.admin, id)));
      for (const { id } of releases) expect((await ended(first, id)).status).toBe('succeeded');
      expect(benches.flatMap(({ applied }) => applied)).toHaveLength(8);
      await Promise.all(benches.map(({ control }) => control.stop()));
      await Promise.all(databases.map((database) => database.close()));
    });

    it('lets one of two triggers at once through', async () => {
      const database = await openDatabase({ url: url() });
      const bench = await createBench(database);
      const { id } = await uploaded(bench);
      const answers = await Promise.allSettled([1, 2, 3].map(() => bench.control.deployments.trigger(bench.admin, id)));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await database.close();
    });

    it('lets releases be written and deployments be destroyed at the same time', async () => {
      const noisy: Provisioner = {
        ...createMemoryProvisioner(),
        async *apply(_spec, { signal } = {}) {
          for (;;) {
            if (signal?.aborted === true) return;
            yield { type: 'log', line: 'working' };
            await new Promise((resolve) => setImmediate(resolve));
          }
        },
      };
      const database = await openDatabase({ url: url() });
      const bench = await createBench(database, { provisioner: noisy });
      await bench.control.start();
      const ids = await Promise.all(Array.from({ length: 4 }, async () => (await uploaded(bench)).id));
      const releases = await Promise.all(ids.map((id) => bench.control.deployments.trigger(bench.admin, id)));
      for (const { id } of releases) {
        await until(
          () => bench.control.releases.log(bench.admin, id),
          ({ lines }) => lines > 20,
        );
      }
      // Locks taken in another order than the worker's would make Postgres refuse one of the two.
      await Promise.all(ids.map((id) => bench.control.deployments.destroy(bench.admin, id)));
      for (const id of ids) {
        await until(
          () => bench.control.deployments.get(bench.admin, id),
          ({ deletionStatus }) => deletionStatus === 'deleted',
        );
      }
      await bench.control.stop();
      await database.close();
    });

    it('tells the other servers of a changed route', async () => {
      const databases = await Promise.all([1, 2].map(() => openDatabase({ url: url() })));
      const [one, two] = databases;
      if (one === undefined || two === undefined) throw new Error('no database');
      const here = await createBench(one);
      const there = await createBench(two, { keep: true, provisioner: here.provisioner });
      await here.control.start();
      const { deployment } = await deployed(here);
      await there.control.start();
      const connector = await here.control.connectors.register(here.admin, { deploymentId: deployment.id });
      expect(await there.control.routes.connectorRoute(connector.id)).toMatchObject({ forward: { token: false } });
      const heard: RouteChange[] = [];
      there.control.routes.onChange((change) => void heard.push(change));
      await vi.waitFor(() => expect(heard.some(({ connectorIds }) => connectorIds.includes(connector.id))).toBe(true), 5000);
      heard.length = 0;
      await here.control.connectors.update(here.admin, connector.id, { identityForward: { token: true } });
      await vi.waitFor(() => expect(heard).toEqual([{ deploymentIds: [deployment.id], connectorIds: [connector.id] }]), 5000);
      expect(await there.control.routes.connectorRoute(connector.id)).toMatchObject({ forward: { token: true } });
      await Promise.all([here.control.stop(), there.control.stop()]);
      await Promise.all(databases.map((database) => database.close()));
    });

    it('sends callers of every server to the new instance before the former one may stop [PLAT-4]', async () => {
      const target = createMemoryTarget();
      const deaf: Provisioner = { ...createMemoryProvisioner({ target }), async *watch() {} };
      const routed: unknown[] = [];
      const moved: unknown[] = [];
      const telling: Provisioner = {
        ...deaf,
        async *apply(spec, options) {
          for await (const event of deaf.apply(spec, options)) {
            yield event;
            if (event.type !== 'step' || event.endpoints === undefined) continue;
            moved.push(event.endpoints);
            routed.push((await there.control.routes.deploymentRoute(spec.deploymentId))?.endpoints);
          }
        },
      };
      const databases = await Promise.all([1, 2].map(() => openDatabase({ url: url() })));
      const [one, two] = databases;
      if (one === undefined || two === undefined) throw new Error('no database');
      const here = await createBench(one, { provisioner: telling });
      const there = await createBench(two, { keep: true, provisioner: deaf, worker: { ...quickWorker, concurrency: 0 } });
      await Promise.all([here.control.start(), there.control.start()]);
      const { deployment } = await deployed(here, yaml('env:\n  ROUND: "0"\n'));
      const known = await until(
        () => there.control.routes.deploymentRoute(deployment.id),
        (route) => route?.state === 'serving',
      );
      await here.control.deployments.update(here.admin, deployment.id, { yaml: yaml('env:\n  ROUND: "1"\n') });
      expect((await ended(here, (await here.control.deployments.trigger(here.admin, deployment.id)).id)).status).toBe('succeeded');
      expect(routed).toEqual(moved);
      expect(routed).not.toContainEqual(known?.endpoints);
      await Promise.all([here.control.stop(), there.control.stop()]);
      await Promise.all(databases.map((database) => database.close()));
    });

    it('brings an empty database up to date once when several servers start together', async () => {
      const address = await fresh();
      const databases = await Promise.all([1, 2, 3].map(() => openDatabase({ url: address })));
      const counted = await databases[0]?.query((db) => rawRows(db, sql`select count(*)::int as n from drizzle.__drizzle_migrations`));
      expect(counted).toEqual([{ n: readMigrationFiles({ migrationsFolder }).length }]);
      await Promise.all(databases.map((database) => database.close()));
    });

    it('refuses a database that a newer program changed', async () => {
      const address = await fresh();
      const database = await openDatabase({ url: address });
      await database.query((db) =>
        db.execute(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', ${Date.now() + 1e10})`),
      );
      await database.close();
      await expect(openDatabase({ url: address })).rejects.toMatchObject({ code: 'ERR_DATABASE_NEWER' });
    });

    it.each([
      ['a wrong port', (address: URL) => void (address.port = '1'), 'ERR_DATABASE_UNREACHABLE'],
      ['a database that is not there', (address: URL) => void (address.pathname = '/nowhere'), 'ERR_DATABASE_UNREACHABLE'],
      ['an unknown role', (address: URL) => void (address.username = 'nobody'), 'ERR_DATABASE_UNREACHABLE'],
    ])('names %s without the password', async (_name, change, code) => {
      const address = new URL(url());
      address.password = 's3cret-password';
      change(address);
      const error: unknown = await openDatabase({ url: address.href }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code, message: expect.stringContaining(address.hostname) });
      expect(String((error as Error).stack)).not.toContain('s3cret');
    });

    it('refuses an address of another kind', async () => {
      await expect(openDatabase({ url: 'mysql://u:s3cret@h/d' })).rejects.toThrow(/^(?!.*s3cret).*postgres:/);
    });
  });
}
