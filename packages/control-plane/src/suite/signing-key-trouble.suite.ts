// Signing keys when something is wrong: no database, a crash, a wrong clock, a wrong sealing key.
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Database } from '../database/database.ts';
import { fail } from '../error-codes.ts';
import type { Logger } from '../options.ts';
import { createSealer } from '../sealing/create-sealer.ts';
import { openSigningKeys } from '../signing-keys/open-signing-keys.ts';
import type { RingContext } from '../signing-keys/ring-context.ts';
import { ringTiming } from '../signing-keys/ring-context.ts';
import { createRingMemory } from '../signing-keys/ring-memory.ts';
import { createRingWatch } from '../signing-keys/watch-ring.ts';
import { createBench, mortal, sealKey, until } from './bench.ts';
import { keyHistory, keyIn, keyRows, keyStates, passed, publishedKids } from './ring-bench.ts';

const minute = 60_000;

export function signingKeyTroubleSuite(open: () => Database): void {
  describe('signing keys in trouble', () => {
    it('serve 45 minutes without the database, then not, and go on when it is back [ID-4]', async () => {
      let now = Date.now();
      const { database, cut, restore } = mortal(open());
      const logged: string[] = [];
      const note = (message: string) => void logged.push(message);
      const bench = await createBench(database, { clock: () => new Date(now), logger: { info: note, warn() {}, error: note } });
      const { signingKeys } = bench.control;
      const { kid } = signingKeys.current();
      const published = signingKeys.published();
      await bench.control.start();
      cut();
      await until(
        () => logged,
        (lines) => lines.some((line) => line.includes('cannot be read')),
      );
      now += 4 * minute;
      expect(signingKeys.maxAgeSeconds).toBeLessThanOrEqual(61);
      now += 40 * minute;
      expect(signingKeys.current().kid).toBe(kid);
      expect(signingKeys.published()).toBe(published);
      expect(signingKeys.maxAgeSeconds).toBe(1);
      now += 2 * minute;
      for (const use of [() => signingKeys.current(), () => signingKeys.published()]) {
        expect(use).toThrow(expect.objectContaining({ code: 'ERR_SIGNING_KEYS_STALE', message: expect.stringContaining('45 minutes') }));
      }
      restore();
      await until(
        () => signingKeys.maxAgeSeconds,
        (seconds) => seconds > 240,
      );
      expect(signingKeys.current().kid).toBe(kid);
      expect(logged.filter((line) => line.includes('signing keys'))).toEqual([
        'The signing keys cannot be read; trying again each second.',
        'The signing keys can be read again.',
      ]);
    });

    it('are seen to change by a server whose former look never gets an answer, and it says so once [ID-4]', async () => {
      const { database, hang } = hanging(open());
      const logged: string[] = [];
      const note = (message: string) => void logged.push(message);
      const context = await ringContext(database, { info: note, warn() {}, error: note });
      const memory = createRingMemory(context);
      const watch = createRingWatch(context, memory, 10, 50);
      await watch.look();
      const end = hang();
      watch.start();
      onTestFinished(() => watch.stop());
      await until(
        () => logged.length,
        (lines) => lines > 0,
      );
      end();
      const elsewhere = await openSigningKeys({ database: open(), sealer: createSealer([sealKey]) });
      await passed(database, 2);
      const { kid } = await elsewhere.rotate(elsewhere.operator('test'), { now: true });
      await until(
        () => memory.current().kid,
        (current) => current === kid,
      );
      expect(logged).toEqual(['The signing keys cannot be read; trying again each second.', 'The signing keys can be read again.']);
    });

    it('are told of as unreachable once, in whatever words the database goes away [ID-4]', async () => {
      const { database, refuse } = refusing(open());
      const logged: string[] = [];
      const note = (message: string) => void logged.push(message);
      const context = await ringContext(database, { info: note, warn() {}, error: note });
      const watch = createRingWatch(context, createRingMemory(context), 5);
      watch.start();
      onTestFinished(() => watch.stop());
      const words = ['ECONNRESET', 'Connection terminated unexpectedly', 'ECONNREFUSED', 'it is starting up'];
      const told = refuse(words);
      await until(told, (count) => count > 2 * words.length);
      refuse([]);
      await until(
        () => logged.length,
        (lines) => lines > 1,
      );
      expect(logged).toEqual(['The signing keys cannot be read; trying again each second.', 'The signing keys can be read again.']);
    });

    it('are whole again after a crash in the middle of a rotation [ID-4]', async () => {
      const database = open();
      let crashes = true;
      const crashing: Database = {
        ...database,
        transaction: (work) =>
          database.transaction(async (tx) => {
            const result = await work(tx);
            if (crashes) throw new Error('the process died before the commit');
            return result;
          }),
      };
      const bench = await createBench(database);
      const before = await keyRows(database);
      const keys = await openSigningKeys({ database: crashing, sealer: createSealer([sealKey]) });
      const operator = keys.operator('test');
      const { kid } = keys.current();
      await expect(keys.rotate(operator, { now: true })).rejects.toThrow('died');
      await expect(keys.revoke(operator, kid)).rejects.toThrow('died');
      expect(await keyRows(database)).toEqual(before);
      expect(await keyHistory(bench)).toHaveLength(3);
      expect(keys.current().kid).toBe(kid);
      crashes = false;
      const rotation = await keys.rotate(operator, { now: true });
      expect(keys.current().kid).toBe(rotation.kid);
      expect(await keyStates(bench)).toEqual(['next', 'current', 'retired']);
    });

    it.each([
      ['waits', 'next'],
      ['signs', 'current'],
    ] as const)('come back when the one that %s is gone', async (_name, state) => {
      const bench = await createBench(open());
      const gone = await keyIn(bench, state);
      await bench.database.query((db) => db.execute(`delete from signing_keys where state = '${state}'`));
      const again = await createBench(open(), { keep: true });
      expect(await keyStates(again)).toEqual(['next', 'current']);
      expect(publishedKids(again)).not.toContain(gone.kid);
    });

    it.each([-60, 60])('change by the clock of the database, with a server %i minutes off [ID-4]', async (off) => {
      const bench = await createBench(open(), { clock: () => new Date(Date.now() + off * minute) });
      const { signingKeys } = bench.control;
      const next = await keyIn(bench, 'next');
      expect(Math.abs(Date.parse(next.createdAt) - Date.now())).toBeLessThan(minute);
      expect((await signingKeys.rotate(bench.admin)).done).toBe(false);
      await bench.control.start();
      await passed(bench.database, 903);
      await until(
        () => signingKeys.current().kid,
        (kid) => kid === next.kid,
      );
      await passed(bench.database, 3500);
      expect(publishedKids(bench)).toHaveLength(3);
      expect(signingKeys.maxAgeSeconds).toBeGreaterThan(240);
    });

    it('are sealed anew with everything else, the waiting one too, and wiped ones do no harm [SEC-1]', async () => {
      const bench = await createBench(open());
      await bench.control.signingKeys.rotate(bench.admin, { now: true });
      const key = bench.control.signingKeys.current();
      const fresh = new Uint8Array(32).fill(8);
      await createBench(open(), { keep: true, sealer: createSealer([fresh, sealKey]) });
      const last = await createBench(open(), { keep: true, sealer: createSealer([fresh]) });
      expect(last.control.signingKeys.current()).toEqual(key);
      const { kid } = await last.control.signingKeys.rotate(last.admin, { now: true });
      expect(last.control.signingKeys.current().kid).toBe(kid);
    });

    it('that a server cannot open are published by it, and it says clearly that it cannot sign with them [SEC-1]', async () => {
      const logged: string[] = [];
      const note = (_message: string, fields: unknown) => void logged.push(JSON.stringify(fields));
      const bench = await createBench(open(), { logger: { info() {}, warn() {}, error: note } });
      const { signingKeys } = bench.control;
      const { kid } = signingKeys.current();
      await bench.control.start();
      // Another server was given a new sealing key, and this one was not told.
      const fresh = createSealer([new Uint8Array(32).fill(9), sealKey]);
      const elsewhere = await openSigningKeys({ database: open(), sealer: fresh });
      const operator = elsewhere.operator('test');
      await elsewhere.rotate(operator, { now: true });
      await elsewhere.rotate(operator, { now: true });
      const newer = elsewhere.current().kid;
      await until(
        () => publishedKids(bench),
        (kids) => kids.includes(newer),
      );
      await until(
        () => logged,
        (lines) => lines.some((line) => line.includes(newer) && line.includes('cannot open')),
      );
      expect(publishedKids(bench)).toContain(signingKeys.current().kid);
      await elsewhere.revoke(operator, kid);
      for (const { state, kid: former } of await elsewhere.list(operator))
        if (state === 'retired') await elsewhere.revoke(operator, former);
      await until(
        () => publishedKids(bench),
        (kids) => kids.length === 2,
      );
      expect(() => signingKeys.current()).toThrow(
        expect.objectContaining({
          code: 'ERR_SIGNING_KEYS_STALE',
          message: expect.stringContaining(`cannot open the signing key ${newer}`),
        }),
      );
      await expect(createBench(open(), { keep: true })).rejects.toMatchObject({
        code: 'ERR_SEAL_KEY_WRONG',
        message: expect.stringContaining(newer),
      });
    });
  });
}

/** The keys of the first organization, watched by nobody. */
async function ringContext(database: Database, logger: Logger): Promise<RingContext> {
  const { admin } = await createBench(database);
  const { organizationId } = admin;
  return {
    database,
    sealer: createSealer([sealKey]),
    newId: () => crypto.randomUUID(),
    now: () => new Date(),
    logger,
    organizationId,
    timing: ringTiming(),
  };
}

/** A database that, from when it is told to, answers no question of that time. */
function hanging(database: Database): { readonly database: Database; readonly hang: () => () => void } {
  let hangs = false;
  return {
    database: { ...database, query: async (work) => (hangs ? new Promise<never>(() => {}) : database.query(work)) },
    hang() {
      hangs = true;
      return () => void (hangs = false);
    },
  };
}

/** A database that cannot be reached, for each of these reasons in turn; the answer counts how often. */
function refusing(database: Database): { readonly database: Database; readonly refuse: (words: readonly string[]) => () => number } {
  let reasons: readonly string[] = [];
  let count = 0;
  return {
    database: {
      ...database,
      query: async (work) => {
        if (reasons.length === 0) return database.query(work);
        count += 1;
        throw fail('ERR_DATABASE_UNREACHABLE', `The database cannot be reached: ${reasons[count % reasons.length]}.`);
      },
    },
    refuse(words) {
      reasons = words;
      count = 0;
      return () => count;
    },
  };
}
