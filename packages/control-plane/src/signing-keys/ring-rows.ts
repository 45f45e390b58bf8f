// The rows of a key ring and the database's clock: what is read of them, without more secrets than the current key's.
import type { PublicJwk } from '@runlayer/identity-forward';
import type { RingKey } from '@runlayer/identity-forward/sign';
import { and, asc, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import type { Connection } from '../database/database.ts';
import { rawRows } from '../database/raw-rows.ts';
import { signingKeys } from '../schema/index.ts';

/** Everything but the private half, which is read for the current key alone. */
const { sealedPrivateJwk, ...columns } = getTableColumns(signingKeys);

/** A key as stored, without its private half. */
export type KeyRow = Omit<typeof signingKeys.$inferSelect, 'sealedPrivateJwk'>;

/** A published key, and of the current one its sealed private half. */
export interface PublishedRow extends RingKey {
  readonly id: string;
  readonly publicJwk: PublicJwk;
  readonly sealed: string | null;
}

const epochMs = sql<string>`floor(extract(epoch from clock_timestamp()) * 1000)::text`;

/** The published keys and the database's time, ms since 1970, in one statement: it runs every second. Without keys the time is 0. */
export async function readPublished(
  db: Connection,
  organizationId: string,
): Promise<{ readonly rows: readonly PublishedRow[]; readonly now: number }> {
  const found = await db
    .select({
      ...columns,
      sealed: sql<string | null>`case when ${signingKeys.state} = 'current' then ${sealedPrivateJwk} end`,
      now: epochMs,
    })
    .from(signingKeys)
    .where(and(eq(signingKeys.organizationId, organizationId), inArray(signingKeys.state, ['next', 'current', 'retired'])))
    .orderBy(asc(signingKeys.createdAt), asc(signingKeys.kid));
  const rows = found.map((row) => ({ ...toRingKey(row), id: row.id, publicJwk: row.publicJwk, sealed: row.sealed }));
  return { rows, now: Number(found[0]?.now ?? 0) };
}

/** Every key there is, newest first. */
export async function readAll(db: Connection, organizationId: string): Promise<readonly KeyRow[]> {
  return db
    .select(columns)
    .from(signingKeys)
    .where(eq(signingKeys.organizationId, organizationId))
    .orderBy(desc(signingKeys.createdAt), desc(signingKeys.kid));
}

/** The database's time, also within a transaction that began long ago. */
export async function databaseNow(db: Connection): Promise<Date> {
  const [row] = await rawRows<{ now: string }>(db, sql`select ${epochMs} as now`);
  return new Date(Number(row?.now));
}

/** What the ring's rules need of a row. */
export function toRingKey({ kid, state, publishedAt, promotedAt, retiredAt, requestedAt }: KeyRow): RingKey {
  return {
    kid,
    state,
    publishedAt: publishedAt.getTime(),
    promotedAt: promotedAt?.getTime(),
    retiredAt: retiredAt?.getTime(),
    requestedAt: requestedAt?.getTime(),
  };
}
