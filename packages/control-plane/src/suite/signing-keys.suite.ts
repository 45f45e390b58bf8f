// The life of signing keys on either database: made, published, promoted, retired, removed.
import { describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { openSigningKeys } from '../signing-keys/open-signing-keys.ts';
import { createSealer } from '../sealing/create-sealer.ts';
import { createBench, quickWorker, sealKey, until } from './bench.ts';
import { keyHistory, keyIn, keyRows, keyStates, passed, publishedKids, retiredKeys } from './ring-bench.ts';

const after = (time: string, seconds: number): string => new Date(Date.parse(time) + seconds * 1000).toISOString();

export function signingKeysSuite(open: () => Database): void {
  describe('signing keys', () => {
    it('are one that signs and one that waits, both published, and the same at each start [ID-4]', async () => {
      const bench = await createBench(open());
      const { signingKeys } = bench.control;
      const key = signingKeys.current();
      expect(signingKeys.published()).toHaveLength(2);
      expect(signingKeys.published()).toContainEqual({ kty: 'OKP', crv: 'Ed25519', x: key.x, kid: key.kid, alg: 'EdDSA', use: 'sig' });
      expect(signingKeys.published()).toBe(signingKeys.published());
      expect(signingKeys.maxAgeSeconds).toBeGreaterThan(240);
      expect(await keyStates(bench)).toEqual(['next', 'current']);
      const again = await createBench(open(), { keep: true });
      expect(again.control.signingKeys.current()).toEqual(key);
      expect(again.control.signingKeys.published()).toEqual(signingKeys.published());
      expect((await keyHistory(bench)).map(({ verb, by }) => `${verb} ${by}`)).toEqual([
        'created system',
        'promoted system',
        'created system',
      ]);
    });

    it('rotate at once when asked, once the next key has been published for 15 minutes [ID-4]', async () => {
      const bench = await createBench(open());
      const { signingKeys } = bench.control;
      const former = signingKeys.current().kid;
      const next = await keyIn(bench, 'next');
      await passed(bench.database, 903);
      const rotation = await signingKeys.rotate(bench.admin);
      expect(rotation).toEqual({ done: true, kid: next.kid, at: (await keyIn(bench, 'current')).signsFrom });
      expect(signingKeys.current().kid).toBe(next.kid);
      expect(await keyStates(bench)).toEqual(['next', 'current', 'retired']);
      expect(publishedKids(bench)).toHaveLength(3);
      expect(publishedKids(bench)).toContain(former);
      const { retiredAt, removedAt } = await keyIn(bench, 'retired');
      expect(retiredAt).toBe(rotation.at);
      expect(removedAt).toBe(after(rotation.at, 3600));
      const kid = (await keyIn(bench, 'next')).kid;
      expect((await keyHistory(bench)).slice(3)).toMatchObject([
        { verb: 'promoted', kid: next.kid, by: 'admin@localhost', before: { kid: former }, after: { kid: next.kid, reason: 'request' } },
        { verb: 'retired', kid: former, after: { removed_at: removedAt } },
        { verb: 'created', kid },
      ]);
    });

    it('rotate later when asked too early, and say when [ID-4]', async () => {
      const bench = await createBench(open(), { signingKeys: { rotateEveryDays: 0 } });
      const { signingKeys } = bench.control;
      const former = signingKeys.current().kid;
      const next = await keyIn(bench, 'next');
      expect(next.signsFrom).toBeNull();
      const wanted = { done: false, kid: next.kid, at: after(next.publishedAt, 900) };
      expect(await signingKeys.rotate(bench.admin)).toEqual(wanted);
      expect(await signingKeys.rotate(bench.admin)).toEqual(wanted);
      expect((await keyIn(bench, 'next')).signsFrom).toBe(wanted.at);
      await bench.control.start();
      expect(signingKeys.current().kid).toBe(former);
      await passed(bench.database, 903);
      await until(
        () => signingKeys.current().kid,
        (kid) => kid === next.kid,
      );
      expect((await keyHistory(bench)).slice(3)).toMatchObject([
        { verb: 'rotation_requested', kid: next.kid, by: 'admin@localhost', after: { at: wanted.at } },
        { verb: 'promoted', kid: next.kid, by: 'system', after: { reason: 'request' } },
        { verb: 'retired', kid: former },
        { verb: 'created' },
      ]);
    });

    it('rotate before their time when told so [ID-4]', async () => {
      const bench = await createBench(open());
      const next = await keyIn(bench, 'next');
      expect(await bench.control.signingKeys.rotate(bench.admin, { now: true })).toMatchObject({ done: true, kid: next.kid });
      expect(bench.control.signingKeys.current().kid).toBe(next.kid);
      expect((await keyHistory(bench))[3]).toMatchObject({ verb: 'promoted', after: { reason: 'now' } });
    });

    it('rotate before their time no sooner than every server publishes the key, and once for all who ask meanwhile [ID-4]', async () => {
      const bench = await createBench(open(), { worker: { ...quickWorker, pollMs: 500 } });
      const { signingKeys } = bench.control;
      await passed(bench.database, 1);
      await signingKeys.rotate(bench.admin, { now: true });
      const { kid, publishedAt } = await keyIn(bench, 'next');
      const rotations = await Promise.all(Array.from({ length: 3 }, () => signingKeys.rotate(bench.admin, { now: true })));
      expect(new Set(rotations.map((rotation) => rotation.kid))).toEqual(new Set([kid]));
      expect(Date.parse(rotations[0]?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(publishedAt) - 10);
      expect(signingKeys.current().kid).toBe(kid);
    });

    it.each([
      [30, undefined],
      [1, { rotateEveryDays: 1 }],
    ])('rotate by themselves after %i days, and leave the set an hour later [ID-4]', async (days, timing) => {
      const bench = await createBench(open(), { signingKeys: timing });
      const former = bench.control.signingKeys.current().kid;
      const next = await keyIn(bench, 'next');
      expect(next.signsFrom).toBe(after((await keyIn(bench, 'current')).signsFrom ?? '', days * 86_400));
      await bench.control.start();
      await passed(bench.database, days * 86_400);
      await until(
        () => bench.control.signingKeys.current().kid,
        (kid) => kid === next.kid,
      );
      await passed(bench.database, 3600);
      await until(
        () => publishedKids(bench),
        (kids) => !kids.includes(former),
      );
      expect(await keyStates(bench)).toEqual(['next', 'current', 'removed']);
      expect((await keyHistory(bench)).at(-1)).toMatchObject({ verb: 'removed', kid: former, by: 'system' });
    });

    it('stop rotating while more than 48 are published, and stay few in the table', async () => {
      const bench = await createBench(open());
      const { signingKeys } = bench.control;
      await signingKeys.rotate(bench.admin, { now: true });
      await retiredKeys(bench, 46);
      await bench.control.start();
      await until(
        () => publishedKids(bench).length,
        (published) => published === 49,
      );
      expect(publishedKids(bench)).toHaveLength(49);
      for (const now of [true, false]) {
        await expect(signingKeys.rotate(bench.admin, { now })).rejects.toMatchObject({ code: 'ERR_SIGNING_KEYS_FULL' });
      }
      await passed(bench.database, 3601);
      for (let more = 0; more < 5; more += 1) await signingKeys.rotate(bench.admin, { now: true });
      expect(publishedKids(bench)).toHaveLength(7);
      expect(await keyRows(bench.database)).toHaveLength(7 + 47);
      await passed(bench.database, 3601);
      await signingKeys.rotate(bench.admin);
      expect(await keyRows(bench.database)).toHaveLength(3 + 50);
    });

    it('keep no private half of a key that signs no more, and show none [ID-4, SEC-1]', async () => {
      const said: unknown[] = [];
      const note = (message: string, fields?: unknown) => void said.push([message, fields]);
      const bench = await createBench(open(), { logger: { info: note, warn: note, error: note } });
      const { signingKeys } = bench.control;
      const secrets: string[] = [];
      const sealed: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        secrets.push(signingKeys.current().d);
        sealed.push((await keyRows(bench.database)).find(({ state }) => state === 'current')?.sealed_private_jwk ?? '');
        said.push(await signingKeys.rotate(bench.admin, { now: true }));
      }
      secrets.push(signingKeys.current().d);
      said.push(await signingKeys.list(bench.admin), signingKeys.published(), await keyHistory(bench), await keyRows(bench.database));
      said.push((await bench.control.audit.list(bench.admin, { limit: 100 })).items);
      const text = JSON.stringify(said);
      expect(sealed.every((envelope) => envelope.startsWith('v1.'))).toBe(true);
      for (const secret of [...secrets, ...sealed]) expect(text).not.toContain(secret);
      const kept = (await keyRows(bench.database)).filter(({ sealed_private_jwk }) => sealed_private_jwk !== null);
      expect(kept.map(({ state }) => state)).toEqual(['next', 'current']);
    });

    it('are for admins only', async () => {
      const { control, member, deployKey, admin } = await createBench(open());
      const { signingKeys } = control;
      for (const principal of [member, deployKey]) {
        for (const tried of [signingKeys.list(principal), signingKeys.rotate(principal), signingKeys.revoke(principal, 'x')]) {
          await expect(tried).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' });
        }
      }
      const stranger = { ...admin, organizationId: crypto.randomUUID() };
      expect(await signingKeys.list(stranger)).toEqual([]);
      for (const tried of [signingKeys.rotate(stranger), signingKeys.revoke(stranger, signingKeys.current().kid)]) {
        await expect(tried).rejects.toMatchObject({ code: 'ERR_SIGNING_KEY_NOT_FOUND' });
      }
    });

    it.each([{ leadSeconds: 0 }, { leadSeconds: 90_000 }, { rotateEveryDays: -1 }, { rotateEveryDays: 4000 }, { leadSeconds: NaN }])(
      'refuse the times %j',
      async (timing) => {
        await expect(createBench(open(), { signingKeys: timing })).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
      },
    );
  });

  describe('signing keys in the hands of an operator', () => {
    const sealer = createSealer([sealKey]);

    it('rotate without a platform, and the audit log names the command [ID-4]', async () => {
      const bench = await createBench(open());
      const keys = await openSigningKeys({ database: open(), sealer });
      const operator = keys.operator('runlayer-server keys');
      expect(keys.organizationId).toBe(bench.control.bootstrap.organizationId);
      expect(keys.current()).toEqual(bench.control.signingKeys.current());
      const rotation = await keys.rotate(operator);
      expect(rotation.done).toBe(false);
      await passed(open(), 903);
      // Nobody else is there to do it: asking again does.
      expect(await keys.rotate(operator)).toMatchObject({ done: true, kid: rotation.kid });
      expect(keys.published()).toHaveLength(3);
      expect(keys.maxAgeSeconds).toBeGreaterThan(240);
      expect((await keys.list(operator)).map(({ state }) => state)).toEqual(['next', 'current', 'retired']);
      expect((await keyHistory(bench))[3]).toMatchObject({ verb: 'rotation_requested', by: 'runlayer-server keys' });
      const [event] = (await bench.control.audit.list(bench.admin, { action: 'signing_key.rotation_requested' })).items;
      expect(event?.actor).toEqual({ type: 'system', name: 'runlayer-server keys' });
    });

    it('can be waited for until a rotation is done, by whoever does it [ID-4]', async () => {
      const bench = await createBench(open(), { signingKeys: { leadSeconds: 1 } });
      const keys = await openSigningKeys({
        database: open(),
        sealer,
        timing: { leadSeconds: 1 },
        organization: bench.admin.organizationId,
      });
      const asked = await keys.rotate(keys.operator('test'));
      await bench.control.start();
      const done = await keys.untilDone(asked);
      expect(done).toEqual({ done: true, kid: asked.kid, at: (await keyIn(bench, 'current')).signsFrom });
      expect(Date.parse(done.at)).toBeGreaterThanOrEqual(Date.parse(asked.at));
      expect(await keys.untilDone(done)).toBe(done);
    });

    it('can be waited for no longer than wanted, nor for a key that was revoked', async () => {
      await createBench(open());
      const keys = await openSigningKeys({ database: open(), sealer });
      const operator = keys.operator('test');
      const asked = await keys.rotate(operator);
      await expect(keys.untilDone(asked, { signal: AbortSignal.timeout(20) })).rejects.toThrow();
      await keys.revoke(operator, asked.kid);
      await expect(keys.untilDone(asked)).rejects.toMatchObject({ code: 'ERR_SIGNING_KEY_NOT_FOUND' });
    });

    it('need a database that a platform was started on, and the right sealing key [SEC-1]', async () => {
      const bench = await createBench(open());
      const wrong = createSealer([new Uint8Array(32)]);
      await expect(openSigningKeys({ database: open(), sealer: wrong })).rejects.toMatchObject({ code: 'ERR_SEAL_KEY_WRONG' });
      for (const organization of [crypto.randomUUID(), 'junk']) {
        await expect(openSigningKeys({ database: open(), sealer, organization })).rejects.toMatchObject({ code: 'ERR_DATABASE_EMPTY' });
      }
      expect(await keyStates(bench)).toEqual(['next', 'current']);
    });
  });
}
