// Which sessions have had their time: unused ones, those beyond the bounds, and those of what is gone.
import type { SQL } from 'drizzle-orm';
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { Connection } from '../database/database.ts';
import { connectors, deployments, mcpSessions, organizations } from '../schema/index.ts';

const unusedMs = 7 * 24 * 3_600_000;
/** A client opens one for each server it uses; who has more does not close them. */
const mostOfPrincipal = 1_000;
const mostOfOrganization = 100_000;
/** Rows that one statement removes. */
const mostAtOnce = 1_000;

/** Removes what has had its time, and says how many. */
export async function expireSessions(context: Context): Promise<number> {
  const { database, now } = context;
  const unused = lt(mcpSessions.lastUsedAt, new Date(now().getTime() - unusedMs));
  let removed = 0;
  for (const { id } of await database.query((db) => db.select({ id: organizations.id }).from(organizations))) {
    const own = eq(mcpSessions.organizationId, id);
    removed += await removeRows(context, and(own, unused), 0);
    removed += await removeRows(context, own, mostOfOrganization);
  }
  return removed + (await removeRows(context, isOrphan, 0));
}

/** Removes those of one principal that were used longest ago, beyond the bound. */
export async function trimPrincipal(
  context: Context,
  owner: { readonly organizationId: string; readonly principal: string },
): Promise<void> {
  const own = and(eq(mcpSessions.organizationId, owner.organizationId), eq(mcpSessions.principal, owner.principal));
  await removeRows(context, own, mostOfPrincipal);
}

/** Removes the sessions of deployments and connectors that go. */
export async function removeSessionsOf(tx: Connection, routeIds: readonly string[]): Promise<void> {
  if (routeIds.length > 0) await tx.delete(mcpSessions).where(inArray(mcpSessions.routeId, [...routeIds]));
}

/** A call that was under way may have written a session of what had just been deleted. */
const isOrphan = sql`not exists (select 1 from ${connectors} where ${connectors.id} = ${mcpSessions.routeId})
  and not exists (select 1 from ${deployments} where ${deployments.id} = ${mcpSessions.routeId} and ${deployments.deletionStatus} is null)`;

/** Of the rows that match, all but the latest so many; not more than one statement should. */
async function removeRows({ database }: Context, matching: SQL | undefined, kept: number): Promise<number> {
  const { routeId, fingerprint, lastUsedAt } = mcpSessions;
  const removed = await database.query((db) => {
    const surplus = db
      .select({ routeId, fingerprint })
      .from(mcpSessions)
      .where(matching)
      .orderBy(desc(lastUsedAt), fingerprint)
      .offset(kept)
      .limit(mostAtOnce);
    return db
      .delete(mcpSessions)
      .where(sql`(${routeId}, ${fingerprint}) in ${surplus}`)
      .returning({ fingerprint });
  });
  return removed.length;
}
