// Leaves work for the worker, in the transaction that decides on it.
import { sql } from 'drizzle-orm';
import type { Connection } from '../database/database.ts';
import { jobs } from '../schema/index.ts';

const databaseNow = sql`clock_timestamp()`;

/** Queues a release. The caller has made sure, under the lock of the deployment, that there is no other work for it. */
export async function queueRelease(
  tx: Connection,
  work: { readonly deploymentId: string; readonly organizationId: string; readonly releaseId: string },
): Promise<void> {
  await tx.insert(jobs).values({ ...work, kind: 'release', nextAt: databaseNow });
}

/**
 * Queues the removal of a deployment, in place of a release in hand. The lease stays with its worker until that has
 * stopped or died: a removal that began earlier could miss what the release is just making.
 */
export async function queueRemoval(
  tx: Connection,
  work: { readonly deploymentId: string; readonly organizationId: string },
): Promise<void> {
  const removal = { kind: 'destroy', releaseId: null, attempts: 0, nextAt: databaseNow } as const;
  await tx
    .insert(jobs)
    .values({ ...work, ...removal })
    .onConflictDoUpdate({ target: jobs.deploymentId, set: removal });
}
