// Reads what a route is made of: the deployment, the connector, and what the target says of it now.
import type { Config } from '@runlayer/config-schema';
import type { Failure, Provisioner, WorkloadStatus } from '@runlayer/provisioner';
import { asc, desc, eq } from 'drizzle-orm';
import type { Connector } from '../connectors/connector.ts';
import type { ConnectorRow } from '../connectors/connector-view.ts';
import type { Context } from '../context.ts';
import type { DeploymentState } from '../deployments/deployment.ts';
import type { DeploymentRow } from '../deployments/deployment-rows.ts';
import { stateOf } from '../deployments/deployment-view.ts';
import { connectors, deployments, releases } from '../schema/index.ts';
import type { Observation } from './observations.ts';
import { remember, shownFailure } from './remember.ts';
import type { Route } from './route.ts';

/** A deployment as the proxy needs it, apart from who is asked for. */
export type Target = Pick<
  Route,
  'organizationId' | 'endpoints' | 'draining' | 'servicePath' | 'servicePort' | 'expose' | 'state' | 'reason'
> & {
  readonly row: DeploymentRow;
};

/** The row of a connector. */
export async function loadConnector({ database }: Context, id: string): Promise<ConnectorRow | undefined> {
  return (await database.query((db) => db.select().from(connectors).where(eq(connectors.id, id))))[0];
}

/** The oldest connector of a deployment: its toggles and id hold for the hosted address. */
export async function oldestConnector({ database }: Context, deploymentId: string): Promise<ConnectorRow | undefined> {
  const wanted = eq(connectors.deploymentId, deploymentId);
  return (
    await database.query((db) => db.select().from(connectors).where(wanted).orderBy(asc(connectors.createdAt), asc(connectors.id)).limit(1))
  )[0];
}

/**
 * A deployment with what is known of it now; the target is asked only when something should serve.
 *
 * @param isCurrent Whether nothing has changed since loading began; what was seen before a change is not kept.
 */
export async function loadTarget(context: Context, deploymentId: string, isCurrent: () => boolean): Promise<Target | undefined> {
  const { database } = context;
  const [row] = await database.query((db) => db.select().from(deployments).where(eq(deployments.id, deploymentId)));
  if (row === undefined) return undefined;
  if (row.deletionStatus !== null || row.servingReleaseId === null) {
    const latest = await latestStatus(context, deploymentId);
    return withoutEndpoints(row, stateOf(row, latest, undefined));
  }
  const status = await observe(context.provisioner, deploymentId);
  const config = await servingConfig(context, row, status);
  if (config === undefined) return withoutEndpoints(row, 'failed');
  const failure = await shownFailure(context, row, status);
  const { state, reason } = verdict(status, failure);
  await remember(context, row, status, { state, failure }, isCurrent);
  const { service } = config;
  return {
    row,
    organizationId: row.organizationId,
    endpoints: state === 'serving' ? status.endpoints : [],
    draining: state === 'serving' ? (status.draining ?? []) : [],
    servicePath: service.path ?? null,
    servicePort: service.port,
    expose: service.expose,
    state,
    reason,
  };
}

/** Never throws: a target that cannot be asked is `unknown`. */
async function observe(provisioner: Provisioner, deploymentId: string): Promise<WorkloadStatus> {
  try {
    return await provisioner.status(deploymentId, { signal: AbortSignal.timeout(10_000) });
  } catch {
    return { state: 'unknown', endpoints: [], outputs: {}, observedAt: '' };
  }
}

/** @param failure why it does not serve, free of secrets */
function verdict(
  status: WorkloadStatus,
  failure: Failure | null,
): { readonly state: Observation['state']; readonly reason: string | null } {
  const cause = failure === null ? '' : ` ${failure.message}`;
  switch (status.state) {
    case 'serving':
      return { state: 'serving', reason: null };
    case 'starting':
      return { state: 'starting', reason: reasons.starting + cause };
    case 'unknown':
      return { state: 'failed', reason: 'The platform cannot reach the target that runs the deployment.' };
    case 'absent':
    case 'failing':
      return { state: 'failed', reason: cause === '' ? reasons.failed : `The deployment is not serving.${cause}` };
  }
}

/** The configuration of the release that serves: what was uploaded since does not count yet. */
async function servingConfig({ database }: Context, row: DeploymentRow, { releaseId }: WorkloadStatus): Promise<Config | undefined> {
  const wanted = [releaseId, row.servingReleaseId].filter((id) => id !== undefined && id !== null);
  for (const id of wanted) {
    const [release] = await database.query((db) => db.select().from(releases).where(eq(releases.id, id)));
    if (release !== undefined && release.deploymentId === row.id) return release.config;
  }
  return undefined;
}

async function latestStatus({ database }: Context, deploymentId: string) {
  const wanted = eq(releases.deploymentId, deploymentId);
  return (
    await database.query((db) =>
      db.select({ status: releases.status }).from(releases).where(wanted).orderBy(desc(releases.number)).limit(1),
    )
  )[0];
}

const reasons: Readonly<Record<Exclude<DeploymentState, 'serving'>, string>> = {
  never_deployed: 'The deployment has not been deployed yet.',
  starting: 'The deployment is starting.',
  failed: 'The deployment is not serving: its last release failed or its container stopped.',
  deleting: 'The deployment is being deleted.',
  deleted: 'The deployment is deleted.',
};

function withoutEndpoints(row: DeploymentRow, state: DeploymentState): Target {
  const known = state === 'serving' ? 'starting' : state;
  return {
    row,
    organizationId: row.organizationId,
    endpoints: [],
    draining: [],
    servicePath: null,
    servicePort: null,
    expose: [],
    state: known,
    reason: reasons[known],
  };
}

/** The toggles of a connector, or both off. */
export function forwardOf(connector: ConnectorRow | undefined): Connector['identityForward'] {
  return { headers: connector?.forwardHeaders ?? false, token: connector?.forwardToken ?? false };
}
