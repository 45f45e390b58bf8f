// A database of before key rings: its one key goes on signing, and gets a successor.
import { generateSigningKey, publicJwks } from '@runlayer/identity-forward/sign';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { createSealer } from '../sealing/create-sealer.ts';
import { createBench, sealKey } from './bench.ts';
import { keyIn, keyStates, publishedKids } from './ring-bench.ts';

/** `open` opens the same database each time, which begins empty. */
export function signingKeyUpgradeSuite(open: () => Promise<Database>): void {
  it('keeps the signing key of a database of before, and gives it a successor [ID-4]', { timeout: 60_000 }, async () => {
    const before = await open();
    const { admin } = await createBench(before);
    const key = generateSigningKey();
    await goBack(before);
    const id = crypto.randomUUID();
    const sealed = createSealer([sealKey]).seal(JSON.stringify(key), { row: id, column: 'signing_keys.sealed_private_jwk' });
    await before.query((db) =>
      db.execute(sql`
        insert into signing_keys (id, organization_id, kid, sealed_private_jwk, public_jwk, state, created_at)
        values (${id}, ${admin.organizationId}, ${key.kid}, ${sealed}, ${JSON.stringify(publicJwks([key]).keys[0])}, 'current', now() - interval '1 day')`),
    );
    await before.close();
    const after = await open();
    const bench = await createBench(after, { keep: true });
    expect(bench.control.signingKeys.current()).toEqual(key);
    expect(await keyStates(bench)).toEqual(['next', 'current']);
    expect(publishedKids(bench)).toHaveLength(2);
    const { createdAt, publishedAt, signsFrom } = await keyIn(bench, 'current');
    expect([publishedAt, signsFrom]).toEqual([createdAt, createdAt]);
    expect((await bench.control.signingKeys.rotate(bench.admin)).done).toBe(false);
    await after.close();
  });
}

/** Undoes the migration. */
async function goBack(database: Database): Promise<void> {
  for (const statement of [
    'truncate signing_keys',
    'drop index signing_keys_next',
    ...['published_at', 'requested_at', 'promoted_at', 'retired_at', 'removed_at', 'revoked_at'].map(
      (name) => `alter table signing_keys drop column ${name}`,
    ),
    'alter table signing_keys alter column sealed_private_jwk set not null',
    'delete from drizzle.__drizzle_migrations where created_at > 1795352831118',
  ]) {
    await database.query((db) => db.execute(statement));
  }
}
