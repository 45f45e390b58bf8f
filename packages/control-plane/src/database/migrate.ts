// Brings the tables up to date, and refuses a database that a newer program has changed.
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { fail } from '../error-codes.ts';
import { migrationsFolder } from '../migrations-folder.ts';
import type { Connection } from './database.ts';
import { rawRows } from './raw-rows.ts';

/** Applies what is missing through `apply`, all or nothing. Throws `ERR_DATABASE_NEWER`, `ERR_DATABASE_MIGRATION`. */
export async function migrate(db: Connection, apply: (folder: string) => Promise<void>): Promise<void> {
  const known = Math.max(...readMigrationFiles({ migrationsFolder }).map((migration) => migration.folderMillis));
  const applied = await lastApplied(db);
  if (applied > known) {
    throw fail(
      'ERR_DATABASE_NEWER',
      `The database was changed by a newer program (${new Date(applied).toISOString()}) than this one (${new Date(known).toISOString()}).`,
    );
  }
  if (applied === known) return;
  try {
    await apply(migrationsFolder);
  } catch (error) {
    throw fail('ERR_DATABASE_MIGRATION', `The tables could not be brought up to date: ${rootMessage(error)}`, { cause: error });
  }
}

/** When the newest migration of the database was written, ms; 0 for a fresh database. */
async function lastApplied(db: Connection): Promise<number> {
  const [table] = await rawRows<{ there: boolean }>(db, sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`);
  if (table?.there !== true) return 0;
  const [newest] = await rawRows<{ last: string | null }>(db, sql`select max(created_at)::text as last from drizzle.__drizzle_migrations`);
  return Number(newest?.last ?? 0);
}

function rootMessage(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
