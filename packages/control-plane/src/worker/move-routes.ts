// Sends callers to a new instance while the former one still answers.
import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { HeldLease } from '../jobs/hold-lease.ts';
import { nextRouteRevision } from '../routes/route-revision.ts';
import { deployments } from '../schema/index.ts';
import { pause } from './retry.ts';
import type { WorkerSettings } from './settings.ts';

/** For calls that have looked up their route and are about to be sent, ms. */
const underWayMs = 100;
/** A target waits 5 s for its reader to switch over; longer is of no use. */
const longestMs = 4000;

/**
 * Resolves once every server has had the time to notice: at once in this process, at their next look in others on the same Postgres.
 * Only then may the next event of `apply` be asked for, as that is what lets the target stop the former instance.
 */
export async function moveRoutes(
  { database, signals }: Context,
  lease: HeldLease,
  deploymentId: string,
  { pollMs }: Pick<WorkerSettings, 'pollMs'>,
): Promise<void> {
  await lease.fenced((tx) =>
    tx.update(deployments).set({ routeRevision: nextRouteRevision }).where(eq(deployments.id, deploymentId)).execute(),
  );
  signals.send('routes', { deploymentIds: [deploymentId], connectorIds: [] });
  const othersMs = database.kind === 'pglite' ? 0 : pollMs * 1.5;
  await pause(Math.min(othersMs + underWayMs, longestMs), lease.signal);
}
