// A sealed value that every start opens first, so that a wrong key is found before anything is written with it.
import { isRunlayerError } from '@runlayer/errors';
import { eq } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { fail } from '../error-codes.ts';
import { sealCanaries } from '../schema/index.ts';
import type { Sealer } from './sealer.ts';

const plain = 'runlayer';
const place = (organizationId: string) => ({ row: organizationId, column: 'seal_canaries.sealed' });

/** Whether anything was ever sealed in this database. */
export async function hasCanary(database: Database): Promise<boolean> {
  return (await database.query((db) => db.select().from(sealCanaries).limit(1))).length > 0;
}

/**
 * Opens the canary, or lays it; says whether it was sealed with a key that is no longer the first: then everything is to be
 * sealed anew, and {@link renewCanary} called last. Throws `ERR_SEAL_KEY_WRONG`.
 */
export async function checkCanary(database: Database, sealer: Sealer, organizationId: string): Promise<'current' | 'former'> {
  const sealed = sealer.seal(plain, place(organizationId));
  await database.query((db) => db.insert(sealCanaries).values({ organizationId, sealed }).onConflictDoNothing());
  const rows = await database.query((db) => db.select().from(sealCanaries).where(eq(sealCanaries.organizationId, organizationId)));
  const laid = rows[0]?.sealed ?? '';
  try {
    sealer.open(laid, place(organizationId));
  } catch (error) {
    if (!isRunlayerError(error)) throw error;
    throw fail('ERR_SEAL_KEY_WRONG', 'The database was sealed with another key than the one given.', { cause: error });
  }
  return sealer.isCurrent(laid) ? 'current' : 'former';
}

/** Seals the canary with the first key. */
export async function renewCanary(database: Database, sealer: Sealer, organizationId: string): Promise<void> {
  const sealed = sealer.seal(plain, place(organizationId));
  await database.query((db) => db.update(sealCanaries).set({ sealed }).where(eq(sealCanaries.organizationId, organizationId)));
}
