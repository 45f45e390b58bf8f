// Wraps drizzle: translates failures, and catches a use of the database inside its own transaction.
import { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'drizzle-orm';
import type { Connection, Database } from './database.ts';
import { databaseFault } from './database-fault.ts';

/** What a driver brings. */
export interface Driver {
  readonly kind: Database['kind'];
  readonly db: Connection;
  /** Host and name, or folder: for messages, without a password. */
  readonly place: string;
  readonly close: () => Promise<void>;
}

/** A database over a driver. */
export function guardedDatabase({ kind, db, place, close }: Driver): Database {
  const inside = new AsyncLocalStorage<true>();
  let closing: Promise<void> | undefined;

  function refuseInside(): void {
    if (inside.getStore())
      throw new TypeError('The database is used inside its own transaction: use the connection that the transaction gave.');
  }
  async function translated<Result>(work: () => PromiseLike<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw databaseFault(error, place);
    }
  }
  const query: Database['query'] = async (work) => {
    refuseInside();
    return translated(() => work(db));
  };
  return {
    kind,
    query,
    async transaction(work) {
      refuseInside();
      return translated(() => db.transaction((tx) => inside.run(true, () => work(tx))));
    },
    async ping() {
      await query((connection) => connection.execute(sql`select 1`));
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}
