// Keeps what a look at the target found: in memory with its cause, in the database when it differs from what is there.
import type { Failure, WorkloadStatus } from '@runlayer/provisioner';
import { and, eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { containerRedactor } from '../deployments/container-redactor.ts';
import type { DeploymentRow } from '../deployments/deployment-rows.ts';
import { deployments } from '../schema/index.ts';
import { plainFailure, storable } from '../worker/failures.ts';
import type { Observation } from './observations.ts';

/** Why it does not serve, free of secrets. */
export async function shownFailure(context: Context, row: DeploymentRow, { failure }: WorkloadStatus): Promise<Failure | null> {
  if (failure === undefined) return null;
  try {
    return storable(failure, await containerRedactor(context, row));
  } catch {
    // Without the values nothing can be taken out of what the container said.
    return plainFailure(failure.code, 'The container does not serve; what it wrote cannot be shown.', 'Look at the log of the platform.');
  }
}

/** Keeps what was seen, so that a status is what was last verified. Writes only what has changed, and not over what a release wrote since. */
export async function remember(
  { database, observations, signals }: Context,
  row: DeploymentRow,
  { state }: WorkloadStatus,
  seen: Observation,
  isCurrent: () => boolean,
): Promise<void> {
  if (!isCurrent()) return;
  observations.note(row.id, seen);
  if (seen.state !== 'serving') signals.send('unsettled', { deploymentId: row.id });
  if (state === 'unknown' || state === 'starting') return;
  const observedState = state === 'serving' ? 'serving' : 'failing';
  if (observedState === row.observedState) return;
  const unchanged = and(eq(deployments.id, row.id), eq(deployments.routeRevision, row.routeRevision));
  await database.query((db) => db.update(deployments).set({ observedState }).where(unchanged));
}
