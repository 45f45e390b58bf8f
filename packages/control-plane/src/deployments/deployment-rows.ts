// Finds rows of deployments for those who may see them: of another organization is the same as unknown.
import { and, asc, desc, eq, inArray } from 'drizzle-orm';
import type { Connection } from '../database/database.ts';
import { fail } from '../error-codes.ts';
import { asUuid } from '../ids.ts';
import type { Principal } from '../principal.ts';
import type { ReleaseRow } from '../releases/release-view.ts';
import { connectors, deployments, releases } from '../schema/index.ts';

/** A row of `deployments`. */
export type DeploymentRow = typeof deployments.$inferSelect;

/** What belongs to some deployments, by deployment id. */
export interface Attached {
  readonly connectors: ReadonlyMap<string, readonly { readonly id: string; readonly name: string }[]>;
  readonly latestReleases: ReadonlyMap<string, ReleaseRow>;
}

/** The row, or `ERR_DEPLOYMENT_NOT_FOUND`. */
export async function findDeployment(db: Connection, principal: Principal, id: string): Promise<DeploymentRow> {
  const known = asUuid(id);
  const rows = known === undefined ? [] : await db.select().from(deployments).where(owned(principal, known));
  return rows[0] ?? notFound(id);
}

/** The row, held until the transaction ends, or `ERR_DEPLOYMENT_NOT_FOUND`. */
export async function lockDeployment(tx: Connection, principal: Principal, id: string): Promise<DeploymentRow> {
  const known = asUuid(id);
  const rows = known === undefined ? [] : await tx.select().from(deployments).where(owned(principal, known)).for('update');
  return rows[0] ?? notFound(id);
}

/** Throws `ERR_DEPLOYMENT_DELETED` when it is going or gone. */
export function refuseDeleted(row: DeploymentRow): void {
  if (row.deletionStatus === null) return;
  throw fail('ERR_DEPLOYMENT_DELETED', `The deployment ${row.name} is ${row.deletionStatus === 'deleting' ? 'being deleted' : 'deleted'}.`);
}

/** Connectors, oldest first, and the newest release, of each of these deployments. */
export async function attachedTo(db: Connection, ids: readonly string[]): Promise<Attached> {
  if (ids.length === 0) return { connectors: new Map(), latestReleases: new Map() };
  const attached = await db
    .select({ id: connectors.id, name: connectors.name, deploymentId: connectors.deploymentId })
    .from(connectors)
    .where(inArray(connectors.deploymentId, [...ids]))
    .orderBy(asc(connectors.createdAt), asc(connectors.id));
  const latest = await db
    .selectDistinctOn([releases.deploymentId])
    .from(releases)
    .where(inArray(releases.deploymentId, [...ids]))
    .orderBy(releases.deploymentId, desc(releases.number));
  return {
    connectors: Map.groupBy(attached, ({ deploymentId }) => deploymentId ?? ''),
    latestReleases: new Map(latest.map((row) => [row.deploymentId, row])),
  };
}

function owned(principal: Principal, id: string) {
  return and(eq(deployments.id, id), eq(deployments.organizationId, principal.organizationId));
}

function notFound(id: unknown): never {
  const shown = asUuid(id) ?? 'with this id';
  throw fail('ERR_DEPLOYMENT_NOT_FOUND', `There is no deployment ${shown}.`);
}
