// The database as the rest of the package sees it: one way to ask, one way to change.
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as schema from '../schema/index.ts';

/** Drizzle over either driver. */
export type Connection = PgDatabase<PgQueryResultHKT, typeof schema>;

/** An open database, made by {@link openDatabase}. Failures come as `ERR_DATABASE_*`, never with a statement's values. */
export interface Database {
  /** `pglite`: embedded, this process only. `postgres`: shared by any number of servers. */
  readonly kind: 'pglite' | 'postgres';
  /** For single statements. Throws inside `transaction`: on the embedded database that would wait for itself for ever. */
  query<Result>(work: (db: Connection) => PromiseLike<Result>): Promise<Result>;
  /** All or nothing; the work is given the only connection it may use. */
  transaction<Result>(work: (tx: Connection) => Promise<Result>): Promise<Result>;
  /** Resolves when a statement is answered. Throws `ERR_DATABASE_UNREACHABLE`. */
  ping(): Promise<void>;
  /** Ends connections and gives back the lock of the folder. Repeating it is harmless. */
  close(): Promise<void>;
}
