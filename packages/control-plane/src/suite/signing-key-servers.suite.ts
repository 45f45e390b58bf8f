// Signing keys of several servers on one Postgres: one rotation at a time, the same keys everywhere, no key that only one of them knows.
import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Database } from '../database/database.ts';
import { openDatabase } from '../database/open-database.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { createBench, until } from './bench.ts';
import { keyHistory, keyIn, keyRows, keyStates, passed, publishedKids, retiredKeys } from './ring-bench.ts';

const hour = 3_600_000;

export function signingKeyServersSuite(url: () => string): void {
  async function connect(): Promise<Database> {
    const database = await openDatabase({ url: url(), maxConnections: 4 });
    onTestFinished(() => database.close());
    return database;
  }
  /** Servers on one database, the first of which found it empty; their clocks are an hour apart. */
  async function servers(count: number, options: BenchOptions = {}): Promise<readonly [Bench, ...Bench[]]> {
    const first = await createBench(await connect(), options);
    const others = Array.from({ length: count - 1 }, async (_, n) => {
      const clock = () => new Date(Date.now() + (n % 2 === 0 ? hour : -hour));
      return createBench(await connect(), { ...options, clock, keep: true });
    });
    const all: readonly [Bench, ...Bench[]] = [first, ...(await Promise.all(others))];
    await Promise.all(all.map(({ control }) => control.start()));
    return all;
  }
  const currentKids = (all: readonly Bench[]): readonly string[] => all.map(({ control }) => control.signingKeys.current().kid);

  describe('signing keys of several servers', () => {
    it('are made once, however many servers start together on an empty database [ID-4]', async () => {
      const first = await createBench(await connect());
      await first.database.query((db) => db.execute(sql`delete from signing_keys`));
      const all = await Promise.all(Array.from({ length: 4 }, async () => createBench(await connect(), { keep: true })));
      expect(new Set(currentKids(all)).size).toBe(1);
      expect(await keyStates(first)).toEqual(['next', 'current']);
    });

    it.each([2, 4])('rotate once when %i servers find at the same moment that it is due [ID-4]', async (count) => {
      const all = await servers(count);
      const [first] = all;
      for (let round = 1; round <= 4; round += 1) {
        const { kid } = await keyIn(first, 'next');
        await passed(first.database, 31 * 86_400);
        await until(
          () => currentKids(all),
          (kids) => kids.every((current) => current === kid),
        );
        const verbs = (await keyHistory(first)).map(({ verb }) => verb);
        expect(verbs.filter((verb) => verb === 'promoted')).toHaveLength(1 + round);
        expect(verbs.filter((verb) => verb === 'created')).toHaveLength(2 + round);
      }
      await until(
        () => all.map((server) => publishedKids(server).join()),
        (sets) => new Set(sets).size === 1,
      );
    });

    it('are published by every server before any of them signs with them [ID-4]', async () => {
      const all = await servers(3, { signingKeys: { leadSeconds: 1 } });
      const [first] = all;
      const unknown: string[] = [];
      const seen = new Set<string>();
      const look = setInterval(() => {
        const sets = all.map(publishedKids);
        for (const kid of currentKids(all)) {
          seen.add(kid);
          if (sets.some((kids) => !kids.includes(kid))) unknown.push(kid);
        }
      }, 2);
      for (let round = 0; round < 4; round += 1) {
        const asker = all[round % all.length] ?? first;
        const { kid } = await asker.control.signingKeys.rotate(asker.admin);
        await until(
          () => currentKids(all),
          (kids) => kids.every((current) => current === kid),
        );
      }
      clearInterval(look);
      expect(seen.size).toBe(5);
      expect(unknown).toEqual([]);
    });

    it('have never two that sign, nor two that wait, whatever operators do at once [ID-4]', async () => {
      const all = await servers(4);
      const [first] = all;
      const { kid } = first.control.signingKeys.current();
      await Promise.all([
        ...all.map(({ control, admin }) => control.signingKeys.rotate(admin, { now: true })),
        ...all.map(({ control, admin }) => control.signingKeys.revoke(admin, kid)),
        ...all.map(({ control, admin }) => control.signingKeys.rotate(admin)),
      ]);
      const states = (await keyRows(first.database)).map(({ state }) => state);
      for (const state of ['next', 'current', 'revoked']) expect(states.filter((found) => found === state)).toHaveLength(1);
      const current = (await keyIn(first, 'current')).kid;
      await until(
        () => currentKids(all),
        (kids) => kids.every((found) => found === current),
      );
      for (const server of all) expect(publishedKids(server)).not.toContain(kid);
    });

    it('that are revoked are used nowhere a moment later [ID-4]', async () => {
      const all = await servers(2);
      const [first, second] = all;
      const { kid } = first.control.signingKeys.current();
      await first.control.signingKeys.revoke(first.admin, kid);
      await until(
        () => (second === undefined ? [] : publishedKids(second)),
        (kids) => !kids.includes(kid),
      );
      expect(second?.control.signingKeys.current().kid).toBe(first.control.signingKeys.current().kid);
    });

    it('can be read while a server hangs in the middle of a step, and change when it is gone [ID-4]', async () => {
      const [first] = await servers(1);
      const { kid } = await keyIn(first, 'next');
      const hanging = await openDatabase({ url: url(), maxConnections: 1 });
      let release = (): void => {};
      let backend = 0;
      const locked = new Promise<void>((begun) => {
        void hanging
          .transaction(async (tx) => {
            await tx.execute(sql`select pg_advisory_xact_lock(7240117393)`);
            backend = await backendOf(tx);
            begun();
            await new Promise<void>((resolve) => (release = resolve));
          })
          .catch(() => {});
      });
      await locked;
      await passed(first.database, 31 * 86_400);
      await retiredKeys(first, 1);
      await until(
        () => publishedKids(first),
        (kids) => kids.includes('former 1'),
      );
      expect(first.control.signingKeys.maxAgeSeconds).toBeGreaterThan(240);
      expect(first.control.signingKeys.current().kid).not.toBe(kid);
      await first.database.query((db) => db.execute(sql`select pg_terminate_backend(${backend})`));
      await until(
        () => first.control.signingKeys.current().kid,
        (current) => current === kid,
      );
      release();
      await hanging.close();
    });
  });
}

async function backendOf(tx: Parameters<Parameters<Database['transaction']>[0]>[0]): Promise<number> {
  const { rows } = (await tx.execute(sql`select pg_backend_pid() as pid`)) as { rows: { pid: number }[] };
  return rows[0]?.pid ?? 0;
}
