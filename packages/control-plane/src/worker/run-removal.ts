// The story of one removal: take everything down, prove that nothing is left, then say so.
import type { Failure } from '@runlayer/provisioner';
import { eq } from 'drizzle-orm';
import { writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import { openEnv } from '../deployments/sealed-env.ts';
import type { HeldLease } from '../jobs/hold-lease.ts';
import { finishJob, giveBack } from '../jobs/lease.ts';
import { systemActor } from '../principal.ts';
import { redactorOf } from '../redaction/redactor-of.ts';
import { nextRouteRevision } from '../routes/route-revision.ts';
import { deployments, releases } from '../schema/index.ts';
import { plainFailure, storable } from './failures.ts';
import type { WorkerSettings } from './settings.ts';

/** Ends with `deleted`, or is left to be tried again: a removal never gives up. Throws when interrupted. */
export async function runRemoval(context: Context, lease: HeldLease, settings: WorkerSettings): Promise<void> {
  const failure = await takeDown(context, lease);
  lease.signal.throwIfAborted();
  if (failure === undefined) await markDeleted(context, lease);
  else await leaveForLater(context, lease, failure, settings);
}

async function takeDown({ provisioner }: Context, lease: HeldLease): Promise<Failure | undefined> {
  try {
    for await (const event of provisioner.destroy(lease.job.deploymentId, { signal: lease.signal })) {
      if (event.type === 'destroyed') return event.remaining.length === 0 ? undefined : remaining(event.remaining);
    }
    return plainFailure('engine_error', 'The target ended without saying what is left.', 'It is tried again by itself.');
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    return plainFailure(
      'engine_error',
      `The target could not be reached: ${reason}`,
      'Check that it answers; it is tried again by itself.',
    );
  }
}

function remaining(names: readonly string[]): Failure {
  const shown = names.slice(0, 20).join(', ');
  return plainFailure(
    'engine_error',
    `Not everything is gone yet: ${shown}${names.length > 20 ? ` and ${names.length - 20} more` : ''}.`,
    'It is tried again by itself.',
  );
}

async function markDeleted(context: Context, lease: HeldLease): Promise<void> {
  const { deploymentId } = lease.job;
  const at = context.now();
  const gone = {
    deletionStatus: 'deleted',
    deletionFailure: null,
    sealedEnv: null,
    servingReleaseId: null,
    observedState: null,
    outputs: {},
  } as const;
  await lease.fenced(async (tx) => {
    const [row] = await tx
      .update(deployments)
      .set({ ...gone, routeRevision: nextRouteRevision, updatedAt: at })
      .where(eq(deployments.id, deploymentId))
      .returning();
    await tx.update(releases).set({ sealedEnv: null }).where(eq(releases.deploymentId, deploymentId));
    const target = { type: 'deployment', id: deploymentId, name: row?.name ?? deploymentId } as const;
    await writeAudit(tx, {
      organizationId: lease.job.organizationId,
      actor: systemActor,
      action: 'deployment.destroyed',
      target,
      after: { remaining: [] },
      at,
    });
    await finishJob(tx, lease.job);
  });
  context.signals.send('routes', { deploymentIds: [deploymentId], connectorIds: [] });
}

async function leaveForLater(context: Context, lease: HeldLease, failure: Failure, settings: WorkerSettings): Promise<void> {
  const { deploymentId, attempts } = lease.job;
  await lease.fenced(async (tx) => {
    const [row] = await tx.select().from(deployments).where(eq(deployments.id, deploymentId));
    await tx
      .update(deployments)
      .set({ deletionFailure: shownFailure(context, row, failure) })
      .where(eq(deployments.id, deploymentId));
  });
  const delayMs = settings.retryDelaysMs[Math.min(attempts, settings.retryDelaysMs.length) - 1] ?? 10_000;
  await giveBack(context.database, lease.job, { delayMs, counts: true });
}

function shownFailure(context: Context, row: typeof deployments.$inferSelect | undefined, failure: Failure): Failure {
  try {
    const env = openEnv(context, row?.sealedEnv ?? null, { of: 'deployment', id: row?.id ?? '' });
    return storable(failure, redactorOf(context, row?.id ?? '', Object.values(env)));
  } catch {
    // Without the values nothing can be taken out of what the target said.
    return plainFailure('engine_error', 'The removal did not end.', 'It is tried again by itself.');
  }
}
