// Rows of a statement written by hand: both drivers put them under `rows`, which drizzle's common type does not tell.
import type { SQL } from 'drizzle-orm';
import type { Connection } from './database.ts';

/** The rows, with columns named as in the database. */
export async function rawRows<Row>(db: Connection, statement: SQL): Promise<readonly Row[]> {
  const result = (await db.execute(statement)) as { readonly rows: readonly Row[] };
  return result.rows;
}
