// Decides that a deployment goes: the worker takes it down, also after a restart.
import { asc, eq } from 'drizzle-orm';
import { by, writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import type { Connection } from '../database/database.ts';
import { fail } from '../error-codes.ts';
import { queueRemoval } from '../jobs/queue-job.ts';
import { requireRight } from '../permissions.ts';
import type { Principal } from '../principal.ts';
import { appendLines } from '../releases/append-lines.ts';
import { nextRouteRevision } from '../routes/route-revision.ts';
import { connectors, deployments, releases } from '../schema/index.ts';
import { removeSessionsOf } from '../sessions/expire.ts';
import type { DeploymentRow } from './deployment-rows.ts';
import { lockDeployment } from './deployment-rows.ts';
import { unfinishedRelease } from './trigger.ts';

/** The row, now `deleting`. Repeating it changes nothing. */
export async function destroyDeployment(
  context: Context,
  principal: Principal,
  id: string,
  deleteConnectors: boolean,
): Promise<DeploymentRow> {
  if (deleteConnectors) requireRight(principal, 'connectors.write', 'Delete All deletes connectors, which');
  const { row, connectorIds } = await context.database.transaction(async (tx) => {
    const deployment = await lockDeployment(tx, principal, id);
    if (deployment.deletionStatus !== null) return { row: deployment, connectorIds: [] };
    const attached = await tx
      .select()
      .from(connectors)
      .where(eq(connectors.deploymentId, deployment.id))
      .orderBy(asc(connectors.createdAt));
    if (!deleteConnectors) refuseAttached(deployment, attached);
    for (const connector of attached) await deleteConnector(context, tx, principal, connector);
    await removeSessionsOf(tx, [deployment.id, ...attached.map((connector) => connector.id)]);
    return { row: await markDeleting(context, tx, principal, deployment), connectorIds: attached.map((connector) => connector.id) };
  });
  context.signals.send('routes', { deploymentIds: [row.id], connectorIds });
  context.signals.send('jobs', { deploymentId: row.id });
  return row;
}

async function markDeleting(context: Context, tx: Connection, principal: Principal, deployment: DeploymentRow): Promise<DeploymentRow> {
  const at = context.now();
  const [row] = await tx
    .update(deployments)
    .set({ deletionStatus: 'deleting', routeRevision: nextRouteRevision, updatedAt: at })
    .where(eq(deployments.id, deployment.id))
    .returning();
  const running = await unfinishedRelease(tx, deployment.id);
  if (running !== undefined) {
    await appendLines(tx, running.id, ['Cancelled: the deployment is being destroyed.']);
    await tx.update(releases).set({ status: 'cancelled', finishedAt: at }).where(eq(releases.id, running.id));
  }
  await queueRemoval(tx, { deploymentId: deployment.id, organizationId: deployment.organizationId });
  const target = { type: 'deployment', id: deployment.id, name: deployment.name } as const;
  await writeAudit(tx, { ...by(principal), action: 'deployment.destroy_requested', target, at });
  return row ?? deployment;
}

function refuseAttached(deployment: DeploymentRow, attached: readonly (typeof connectors.$inferSelect)[]): void {
  if (attached.length === 0) return;
  const names = attached.map(({ name }) => name);
  throw fail(
    'ERR_DEPLOYMENT_HAS_CONNECTORS',
    `The deployment ${deployment.name} is in use by ${names.length === 1 ? 'the connector' : 'the connectors'} ${names.join(', ')}.`,
    {
      data: { connectors: attached.map((connector) => ({ id: connector.id, name: connector.name })) },
    },
  );
}

async function deleteConnector(
  context: Context,
  tx: Connection,
  principal: Principal,
  connector: typeof connectors.$inferSelect,
): Promise<void> {
  await tx.delete(connectors).where(eq(connectors.id, connector.id));
  const target = { type: 'connector', id: connector.id, name: connector.name } as const;
  await writeAudit(tx, {
    ...by(principal),
    action: 'connector.deleted',
    target,
    before: { deployment_id: connector.deploymentId },
    at: context.now(),
  });
}
