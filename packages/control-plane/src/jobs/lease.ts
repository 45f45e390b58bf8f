// Claims work for one worker and fences its writes: whoever lost the lease can change nothing any more.
import { and, asc, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { Connection, Database } from '../database/database.ts';
import { deployments, jobs } from '../schema/index.ts';

/** Work in hand. */
export interface Job {
  readonly deploymentId: string;
  readonly organizationId: string;
  readonly kind: 'release' | 'destroy';
  readonly releaseId: string | null;
  /** How often it was claimed, this time included. */
  readonly attempts: number;
  readonly leaseToken: string;
}

/** The lease is another worker's, or the work was replaced: stop, and write nothing. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** In so many milliseconds by the database's clock: the clocks of several servers need not agree. */
const databaseTime = (inMs: number) => sql<Date>`clock_timestamp() + ${`${inMs} milliseconds`}::interval`;

/** The next piece of work that nobody holds, now held by `owner`. */
export async function claimJob(database: Database, owner: string, token: string, leaseMs: number): Promise<Job | undefined> {
  return database.transaction(async (tx) => {
    const isFree = or(isNull(jobs.leaseExpiresAt), lte(jobs.leaseExpiresAt, sql`clock_timestamp()`));
    const [next] = await tx
      .select({ deploymentId: jobs.deploymentId })
      .from(jobs)
      .where(and(lte(jobs.nextAt, sql`clock_timestamp()`), isFree))
      .orderBy(asc(jobs.nextAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (next === undefined) return undefined;
    const [claimed] = await tx
      .update(jobs)
      .set({ leaseOwner: owner, leaseToken: token, leaseExpiresAt: databaseTime(leaseMs), attempts: sql`${jobs.attempts} + 1` })
      .where(eq(jobs.deploymentId, next.deploymentId))
      .returning();
    return claimed === undefined ? undefined : { ...claimed, leaseToken: token };
  });
}

/** Holds on for `leaseMs` more. `lost`: another worker has it. `replaced`: a removal took the place of this release. */
export async function renewLease(database: Database, job: Job, leaseMs: number): Promise<'held' | 'replaced' | 'lost'> {
  const [row] = await database.query((db) =>
    db
      .update(jobs)
      .set({ leaseExpiresAt: databaseTime(leaseMs) })
      .where(mine(job))
      .returning({ kind: jobs.kind }),
  );
  if (row === undefined) return 'lost';
  return row.kind === job.kind ? 'held' : 'replaced';
}

/**
 * Runs `work` only while the lease is held, in one transaction with the check. The deployment is locked first, as every verb does:
 * with another order two transactions could wait for each other. Throws {@link LeaseLost}.
 */
export async function fenced<Result>(database: Database, job: Job, work: (tx: Connection) => Promise<Result>): Promise<Result> {
  return database.transaction(async (tx) => {
    await tx.select({ id: deployments.id }).from(deployments).where(eq(deployments.id, job.deploymentId)).for('update');
    const [held] = await tx.select({ kind: jobs.kind }).from(jobs).where(mine(job)).for('update');
    if (held?.kind !== job.kind) throw new LeaseLost(`the work for ${job.deploymentId} is no longer this worker's`);
    return work(tx);
  });
}

/** Takes finished work off the list, inside {@link fenced}. */
export async function finishJob(tx: Connection, job: Job): Promise<void> {
  await tx.delete(jobs).where(mine(job));
}

/** Gives unfinished work back, to be claimed again after `delayMs`; one that was only interrupted counts no attempt. */
export async function giveBack(
  database: Database,
  job: Job,
  { delayMs, counts }: { readonly delayMs: number; readonly counts: boolean },
): Promise<void> {
  const attempts = counts ? jobs.attempts : sql`greatest(${jobs.attempts} - 1, 0)`;
  await database.query((db) =>
    db
      .update(jobs)
      .set({ leaseOwner: null, leaseToken: null, leaseExpiresAt: null, nextAt: databaseTime(delayMs), attempts })
      .where(mine(job)),
  );
}

/** Takes every lease away: right only where no other process can hold one, as on the embedded database. */
export async function freeAllLeases(database: Database): Promise<void> {
  await database.query((db) => db.update(jobs).set({ leaseOwner: null, leaseToken: null, leaseExpiresAt: null }));
}

function mine(job: Job) {
  return and(eq(jobs.deploymentId, job.deploymentId), eq(jobs.leaseToken, job.leaseToken));
}
