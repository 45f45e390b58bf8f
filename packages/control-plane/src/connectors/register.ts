// Registers a connector from a deployment or by address.
import { eq } from 'drizzle-orm';
import { by, writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import type { Connection } from '../database/database.ts';
import type { DeploymentRow } from '../deployments/deployment-rows.ts';
import { lockDeployment, refuseDeleted } from '../deployments/deployment-rows.ts';
import { fail } from '../error-codes.ts';
import type { Principal } from '../principal.ts';
import { actorOf } from '../principal.ts';
import { nextRouteRevision } from '../routes/route-revision.ts';
import { connectors } from '../schema/index.ts';
import { optionalText, shortText } from '../text-input.ts';
import type { NewConnector } from './connector.ts';
import type { ConnectorRow } from './connector-view.ts';
import { auditedFields, transportOf } from './connector-view.ts';
import { parseUpstreamUrl, refuseForbiddenHost } from './upstream-url.ts';

/** The new row. */
export async function registerConnector(context: Context, principal: Principal, input: NewConnector): Promise<ConnectorRow> {
  const { deploymentId, url } = input;
  if ((deploymentId === undefined) === (url === undefined)) {
    throw fail('ERR_CONNECTOR_INVALID', 'A connector is made from a deployment or by URL: give exactly one of the two.');
  }
  const upstream = url === undefined ? undefined : parseUpstreamUrl(url);
  if (upstream !== undefined) await refuseForbiddenHost(upstream, context);
  const row = await context.database.transaction(async (tx) => {
    const deployment = deploymentId === undefined ? undefined : await lockDeployment(tx, principal, deploymentId);
    if (deployment !== undefined) refuseDeleted(deployment);
    return insertConnector(context, tx, principal, input, deployment, upstream);
  });
  context.signals.send('routes', { deploymentIds: row.deploymentId === null ? [] : [row.deploymentId], connectorIds: [row.id] });
  return row;
}

async function insertConnector(
  context: Context,
  tx: Connection,
  principal: Principal,
  input: NewConnector,
  deployment: DeploymentRow | undefined,
  upstream: URL | undefined,
): Promise<ConnectorRow> {
  const at = context.now();
  const values = {
    id: await connectorId(context, tx, deployment),
    organizationId: principal.organizationId,
    name: shortText(input.name ?? deployment?.name ?? upstream?.hostname, 'name of the connector'),
    description: optionalText(input.description, 'description', 2000),
    icon: optionalText(input.icon, 'icon', 2048) ?? deployment?.icon ?? null,
    deploymentId: deployment?.id ?? null,
    url: upstream?.href ?? null,
    transport: transportOf(input.transport) ?? 'streaming-http',
    forwardHeaders: input.identityForward?.headers ?? false,
    forwardToken: input.identityForward?.token ?? false,
    routeRevision: nextRouteRevision,
    createdBy: actorOf(principal),
    createdAt: at,
    updatedAt: at,
  };
  const [row] = await tx.insert(connectors).values(values).returning();
  if (row === undefined) throw new TypeError('an insert returned no row');
  const target = { type: 'connector', id: row.id, name: row.name } as const;
  await writeAudit(tx, { ...by(principal), action: 'connector.created', target, after: auditedFields(row), at });
  return row;
}

/** The id that the deployment's container already knows as its server id, if no connector has it. */
async function connectorId(context: Context, tx: Connection, deployment: DeploymentRow | undefined): Promise<string> {
  if (deployment === undefined) return context.newId();
  const taken = await tx.select({ id: connectors.id }).from(connectors).where(eq(connectors.id, deployment.serverId));
  return taken.length === 0 ? deployment.serverId : context.newId();
}
