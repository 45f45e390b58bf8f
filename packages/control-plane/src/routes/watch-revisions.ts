// Notices route changes that other servers made on the same database.
import { gt, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { rawRows } from '../database/raw-rows.ts';
import { connectors, deployments } from '../schema/index.ts';

/** Numbers are taken before their transaction ends, so a lower one may become visible later: so far back is looked. */
const overlap = 100;

/** Tells this process of changes since the last look. Nothing to do on the embedded database. */
export function createRevisionWatch({ database, signals, logger }: Context): () => Promise<void> {
  const seen = new Map<string, number>();
  let highest: number | undefined;

  async function look(): Promise<void> {
    // A row that never changed has the number 0.
    const since = Math.max(0, (highest ??= await current()) - overlap);
    const changed = await database.query((db) =>
      db.select({ id: deployments.id, revision: deployments.routeRevision }).from(deployments).where(gt(deployments.routeRevision, since)),
    );
    const changedConnectors = await database.query((db) =>
      db
        .select({ id: connectors.id, deploymentId: connectors.deploymentId, revision: connectors.routeRevision })
        .from(connectors)
        .where(gt(connectors.routeRevision, since)),
    );
    const isNew = ({ id, revision }: { id: string; revision: number }) => seen.get(id) !== revision;
    const fresh = { deployments: changed.filter(isNew), connectors: changedConnectors.filter(isNew) };
    seen.clear();
    for (const { id, revision } of [...changed, ...changedConnectors]) {
      seen.set(id, revision);
      highest = Math.max(highest, revision);
    }
    const deploymentIds = [
      ...fresh.deployments.map(({ id }) => id),
      ...fresh.connectors.map(({ deploymentId }) => deploymentId).filter((id) => id !== null),
    ];
    const connectorIds = fresh.connectors.map(({ id }) => id);
    if (deploymentIds.length + connectorIds.length > 0) signals.send('routes', { deploymentIds, connectorIds });
  }
  async function current(): Promise<number> {
    const [row] = await database.query((db) => rawRows<{ last: string }>(db, sql`select last_value::text as last from route_revisions`));
    return Number(row?.last ?? 0);
  }
  return async () => {
    if (database.kind === 'pglite') return;
    await look().catch(() => logger.warn('Looking for changed routes failed; trying again.'));
  };
}
