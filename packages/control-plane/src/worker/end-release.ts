// Ends a release: what serves first, then its last log lines, its status and its job in one transaction.
import type { Failure } from '@runlayer/provisioner';
import { eq } from 'drizzle-orm';
import { writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import type { Connection } from '../database/database.ts';
import { deploymentUrl } from '../deployments/deployment-url.ts';
import { asUuid } from '../ids.ts';
import type { HeldLease } from '../jobs/hold-lease.ts';
import { finishJob } from '../jobs/lease.ts';
import { systemActor } from '../principal.ts';
import { appendLines } from '../releases/append-lines.ts';
import { nextRouteRevision } from '../routes/route-revision.ts';
import { deployments, releases } from '../schema/index.ts';
import type { Outcome } from './deliver.ts';
import { failureLines, storable } from './failures.ts';
import type { RunningRelease } from './open-release.ts';
import { redactedLines } from './release-log-writer.ts';

/** The new release serves. Callers are routed to it before anybody reads that it succeeded. */
export async function succeed(
  context: Context,
  lease: HeldLease,
  release: RunningRelease,
  serving: Extract<Outcome, { type: 'serving' }>,
): Promise<void> {
  const { row, deployment, redact } = release;
  await lease.fenced((tx) =>
    tx
      .update(deployments)
      .set({
        servingReleaseId: row.id,
        observedState: 'serving',
        outputs: serving.outputs,
        routeRevision: nextRouteRevision,
        updatedAt: context.now(),
      })
      .where(eq(deployments.id, deployment.id))
      .execute(),
  );
  context.signals.send('routes', { deploymentIds: [deployment.id], connectorIds: [] });
  const lines = [...redactedLines(serving.message, redact), `Serving at ${deploymentUrl(context.platformUrl, deployment.id)}`];
  await end(context, lease, release, lines, { status: 'succeeded', failure: null, stillServing: null });
}

/** The new release does not serve; the one before may. */
export async function failRelease(
  context: Context,
  lease: HeldLease,
  release: RunningRelease,
  outcome: Extract<Outcome, { type: 'failed' }>,
): Promise<void> {
  const { deployment, redact } = release;
  const failure = storable(outcome.failure, redact);
  const stillServing = formerRelease(release, outcome);
  if (outcome.touched) {
    const observed = {
      observedState: stillServing === null ? 'failing' : 'serving',
      ...(stillServing === null ? {} : { servingReleaseId: stillServing }),
    } as const;
    await lease.fenced((tx) =>
      tx
        .update(deployments)
        .set({ ...observed, routeRevision: nextRouteRevision, updatedAt: context.now() })
        .where(eq(deployments.id, deployment.id))
        .execute(),
    );
    context.signals.send('routes', { deploymentIds: [deployment.id], connectorIds: [] });
  }
  const kept = stillServing === null ? [] : ['The former release goes on serving.'];
  await end(context, lease, release, [...failureLines(failure).flatMap((line) => redactedLines(line, redact)), ...kept], {
    status: 'failed',
    failure,
    stillServing,
  });
}

function formerRelease({ deployment }: RunningRelease, outcome: Extract<Outcome, { type: 'failed' }>): string | null {
  if (outcome.touched) return asUuid(outcome.stillServing) ?? null;
  return deployment.observedState === 'serving' ? deployment.servingReleaseId : null;
}

interface Ending {
  readonly status: 'succeeded' | 'failed';
  readonly failure: Failure | null;
  readonly stillServing: string | null;
}

async function end(
  context: Context,
  lease: HeldLease,
  { row, deployment }: RunningRelease,
  lines: readonly string[],
  ending: Ending,
): Promise<void> {
  const at = context.now();
  await lease.fenced(async (tx: Connection) => {
    await appendLines(tx, row.id, lines);
    await tx
      .update(releases)
      .set({ ...ending, finishedAt: at })
      .where(eq(releases.id, row.id));
    const target = { type: 'release', id: row.id, name: `${deployment.name} #${row.number}` } as const;
    const after = ending.failure === null ? {} : { failure: ending.failure.code };
    await writeAudit(tx, { organizationId: row.organizationId, actor: systemActor, action: `release.${ending.status}`, target, after, at });
    await finishJob(tx, lease.job);
  });
}
