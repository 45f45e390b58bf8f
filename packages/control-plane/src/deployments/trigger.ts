// Stores an immutable release of what was uploaded, and leaves it for the worker.
import { and, eq, inArray } from 'drizzle-orm';
import { by, writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import type { Connection } from '../database/database.ts';
import { fail } from '../error-codes.ts';
import { queueRelease } from '../jobs/queue-job.ts';
import type { Principal } from '../principal.ts';
import { actorOf } from '../principal.ts';
import type { ReleaseRow } from '../releases/release-view.ts';
import { deployments, releases } from '../schema/index.ts';
import { shortText } from '../text-input.ts';
import type { DeploymentRow } from './deployment-rows.ts';
import { lockDeployment, refuseDeleted } from './deployment-rows.ts';
import { openEnv, sealEnv } from './sealed-env.ts';

/** The new release, or the one that the same key made before. */
export async function triggerRelease(
  context: Context,
  principal: Principal,
  id: string,
  idempotencyKey: string | undefined,
): Promise<ReleaseRow> {
  const requestId = idempotencyKey === undefined ? context.newId() : shortText(idempotencyKey, 'idempotency key');
  const { row, isNew } = await context.database.transaction(async (tx) => {
    const deployment = await lockDeployment(tx, principal, id);
    const repeated = await releaseOfRequest(tx, deployment.id, requestId);
    if (repeated !== undefined) return { row: repeated, isNew: false };
    refuseDeleted(deployment);
    await refuseInProgress(tx, deployment);
    return { row: await insertRelease(context, tx, principal, deployment, requestId), isNew: true };
  });
  if (isNew) context.signals.send('jobs', { deploymentId: row.deploymentId });
  return row;
}

async function insertRelease(
  context: Context,
  tx: Connection,
  principal: Principal,
  deployment: DeploymentRow,
  requestId: string,
): Promise<ReleaseRow> {
  const { organizationId, config, imageReference, pinnedImage, imagePlatform } = deployment;
  if (config === null || imageReference === null) {
    throw fail('ERR_DEPLOYMENT_NOT_CONFIGURED', `Nothing was uploaded for the deployment ${deployment.name} yet.`);
  }
  const id = context.newId();
  const env = openEnv(context, deployment.sealedEnv, { of: 'deployment', id: deployment.id });
  const number = deployment.lastReleaseNumber + 1;
  const [row] = await tx
    .insert(releases)
    .values({
      id,
      organizationId,
      deploymentId: deployment.id,
      number,
      requestId,
      config,
      imageReference,
      pinnedImage,
      imagePlatform,
      sealedEnv: sealEnv(context, env, { of: 'release', id }),
      status: 'queued',
      createdBy: actorOf(principal),
      createdAt: context.now(),
    })
    .returning();
  if (row === undefined) throw new TypeError('an insert returned no row');
  await tx.update(deployments).set({ lastReleaseNumber: number }).where(eq(deployments.id, deployment.id));
  await queueRelease(tx, { deploymentId: deployment.id, organizationId, releaseId: id });
  const target = { type: 'release', id, name: `${deployment.name} #${number}` } as const;
  await writeAudit(tx, {
    ...by(principal),
    action: 'release.created',
    target,
    after: { deployment_id: deployment.id, image: imageReference },
    at: context.now(),
  });
  return row;
}

async function releaseOfRequest(tx: Connection, deploymentId: string, requestId: string): Promise<ReleaseRow | undefined> {
  const rows = await tx
    .select()
    .from(releases)
    .where(and(eq(releases.deploymentId, deploymentId), eq(releases.requestId, requestId)));
  return rows[0];
}

async function refuseInProgress(tx: Connection, deployment: DeploymentRow): Promise<void> {
  const running = await unfinishedRelease(tx, deployment.id);
  if (running === undefined) return;
  const since = running.createdAt.toISOString();
  throw fail(
    'ERR_RELEASE_IN_PROGRESS',
    `Release ${running.number} of ${deployment.name} is in progress: ${running.createdBy.name} started it at ${since}.`,
    {
      data: { release_id: running.id, started_by: running.createdBy.name, since },
    },
  );
}

/** The one release of a deployment that has not ended. */
export async function unfinishedRelease(tx: Connection, deploymentId: string): Promise<ReleaseRow | undefined> {
  const rows = await tx
    .select()
    .from(releases)
    .where(and(eq(releases.deploymentId, deploymentId), inArray(releases.status, ['queued', 'running'])));
  return rows[0];
}
