// Emergency revocation of signing keys, on either database.
import { describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { createBench } from './bench.ts';
import { keyHistory, keyIn, keyRows, keyStates, passed, publishedKids } from './ring-bench.ts';

export function signingKeyRevocationSuite(open: () => Database): void {
  describe('a revoked signing key', () => {
    it('that signed gives way to the next one at once, and is published no more [ID-4]', async () => {
      const bench = await createBench(open());
      const { signingKeys } = bench.control;
      const { kid } = signingKeys.current();
      const next = await keyIn(bench, 'next');
      const view = await signingKeys.revoke(bench.admin, kid);
      expect(view).toMatchObject({ kid, state: 'revoked', retiredAt: null, removedAt: view.revokedAt, revokedAt: expect.any(String) });
      expect(signingKeys.current().kid).toBe(next.kid);
      expect(publishedKids(bench)).toEqual([next.kid, (await keyIn(bench, 'next')).kid]);
      expect((await keyRows(bench.database)).find((row) => row.kid === kid)?.sealed_private_jwk).toBeNull();
      expect((await keyHistory(bench)).slice(3)).toMatchObject([
        { verb: 'revoked', kid, by: 'admin@localhost', before: { state: 'current' } },
        { verb: 'promoted', kid: next.kid, before: { kid: null }, after: { reason: 'revocation' } },
        { verb: 'created' },
      ]);
    });

    it('that waited is replaced, and who waited for it waits for the new one [ID-4]', async () => {
      const bench = await createBench(open());
      const { signingKeys } = bench.control;
      const { kid } = signingKeys.current();
      const asked = await signingKeys.rotate(bench.admin);
      await passed(bench.database, 400);
      await signingKeys.revoke(bench.admin, asked.kid);
      const next = await keyIn(bench, 'next');
      expect(signingKeys.current().kid).toBe(kid);
      expect(publishedKids(bench)).toEqual([kid, next.kid]);
      expect(Date.parse(next.signsFrom ?? '')).toBe(Date.parse(next.publishedAt) + 900_000);
    });

    it('that was retired leaves the set at once [ID-4]', async () => {
      const bench = await createBench(open());
      const { signingKeys } = bench.control;
      const { kid } = signingKeys.current();
      await signingKeys.rotate(bench.admin, { now: true });
      expect(publishedKids(bench)).toContain(kid);
      expect((await signingKeys.revoke(bench.admin, kid)).state).toBe('revoked');
      expect(publishedKids(bench)).not.toContain(kid);
      expect(await keyStates(bench)).toEqual(['next', 'current', 'revoked']);
    });

    it('stays as it is when it is revoked again, and so does one that was removed', async () => {
      const bench = await createBench(open());
      const { signingKeys } = bench.control;
      const first = signingKeys.current().kid;
      const revoked = await signingKeys.revoke(bench.admin, first);
      const second = signingKeys.current().kid;
      await signingKeys.rotate(bench.admin, { now: true });
      await passed(bench.database, 3601);
      await signingKeys.rotate(bench.admin);
      const before = await keyHistory(bench);
      expect((await signingKeys.revoke(bench.admin, first)).state).toBe(revoked.state);
      expect((await signingKeys.revoke(bench.admin, second)).state).toBe('removed');
      expect(await keyHistory(bench)).toEqual(before);
    });

    it.each(['', 'junk', 'x'.repeat(10_000), "'; drop table signing_keys; --"])('must be there', async (kid) => {
      const { control, admin } = await createBench(open());
      await expect(control.signingKeys.revoke(admin, kid)).rejects.toMatchObject({ code: 'ERR_SIGNING_KEY_NOT_FOUND' });
    });
  });
}
