// After a rotation: seals everything with the new first key, so that the former one can be thrown away.
import { and, eq, isNotNull } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../database/database.ts';
import { deployments, releases, signingKeys } from '../schema/index.ts';
import type { Sealer } from './sealer.ts';

interface SealedColumn {
  readonly table: PgTable;
  readonly id: PgColumn;
  readonly sealed: PgColumn;
  /** Name of the field in drizzle's schema. */
  readonly field: string;
  /** As it is bound into the envelope. */
  readonly column: string;
}

const sealedColumns: readonly SealedColumn[] = [
  { table: deployments, id: deployments.id, sealed: deployments.sealedEnv, field: 'sealedEnv', column: 'deployments.sealed_env' },
  { table: releases, id: releases.id, sealed: releases.sealedEnv, field: 'sealedEnv', column: 'releases.sealed_env' },
  {
    table: signingKeys,
    id: signingKeys.id,
    sealed: signingKeys.sealedPrivateJwk,
    field: 'sealedPrivateJwk',
    column: 'signing_keys.sealed_private_jwk',
  },
];

/** Safe to repeat, and while other servers work: a value that changed meanwhile is left alone. */
export async function resealAll(database: Database, sealer: Sealer): Promise<void> {
  for (const { table, id, sealed, field, column } of sealedColumns) {
    const rows = (await database.query((db) => db.select({ id, sealed }).from(table).where(isNotNull(sealed)))) as readonly {
      id: string;
      sealed: string;
    }[];
    for (const row of rows) {
      if (sealer.isCurrent(row.sealed)) continue;
      const place = { row: row.id, column };
      const renewed = { [field]: sealer.seal(sealer.open(row.sealed, place), place) };
      await database.query((db) =>
        db
          .update(table)
          .set(renewed)
          .where(and(eq(id, row.id), eq(sealed, row.sealed))),
      );
    }
  }
}
