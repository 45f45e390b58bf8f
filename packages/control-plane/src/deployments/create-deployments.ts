// The verbs of deployments over the database: who may, then what.
import { exportYaml, templateYaml } from '@runlayer/config-schema';
import { and, count, desc, eq, isNull, ne, or } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { pageBounds } from '../page.ts';
import { requireRight } from '../permissions.ts';
import type { Principal } from '../principal.ts';
import { toRelease } from '../releases/release-view.ts';
import { deployments } from '../schema/index.ts';
import { containerLogs } from './container-logs.ts';
import { createDeployment, renameDeployment } from './deployment-record.ts';
import type { DeploymentRow } from './deployment-rows.ts';
import { attachedTo, findDeployment } from './deployment-rows.ts';
import { failureOf, stateOf, toDeployment } from './deployment-view.ts';
import type { Deployments } from './deployments.ts';
import { destroyDeployment } from './destroy.ts';
import { openEnv } from './sealed-env.ts';
import { triggerRelease } from './trigger.ts';
import { updateDeployment } from './update.ts';
import { validateYaml } from './validate.ts';

/** The deployments of a control plane. */
export function createDeployments(context: Context): Deployments {
  const { database } = context;
  const find = (principal: Principal, id: string) => database.query((db) => findDeployment(db, principal, id));
  const show = async (row: DeploymentRow) => toDeployment(context, row, await database.query((db) => attachedTo(db, [row.id])));
  return {
    async create(principal, input) {
      requireRight(principal, 'deployments.write', 'Creating a deployment');
      return show(await createDeployment(context, principal, input));
    },
    async get(principal, id) {
      requireRight(principal, 'deployments.read', 'Reading a deployment');
      return show(await find(principal, id));
    },
    async list(principal, page = {}) {
      requireRight(principal, 'deployments.read', 'Reading deployments');
      return listDeployments(context, principal, page);
    },
    async validate(principal, yaml) {
      requireRight(principal, 'deployments.write', 'Validating a deployment');
      return validateYaml(context, yaml);
    },
    async update(principal, id, upload) {
      requireRight(principal, 'deployments.write', 'Changing a deployment');
      return show(await updateDeployment(context, principal, id, upload));
    },
    async rename(principal, id, change) {
      requireRight(principal, 'deployments.write', 'Renaming a deployment');
      return show(await renameDeployment(context, principal, id, change));
    },
    async exportYaml(principal, id) {
      requireRight(principal, 'deployments.read', 'Exporting a deployment');
      return exportOf(context, await find(principal, id));
    },
    async trigger(principal, id, { idempotencyKey } = {}) {
      requireRight(principal, 'deployments.deploy', 'Deploying');
      return toRelease(await triggerRelease(context, principal, id, idempotencyKey));
    },
    async status(principal, id) {
      requireRight(principal, 'deployments.read', 'Reading the status of a deployment');
      const row = await find(principal, id);
      const latest = (await database.query((db) => attachedTo(db, [row.id]))).latestReleases.get(row.id);
      const seen = context.observations.of(row.id);
      const state = stateOf(row, latest, seen);
      return {
        deploymentId: row.id,
        state,
        failure: failureOf(state, seen),
        deletionStatus: row.deletionStatus,
        release: latest === undefined ? null : toRelease(latest),
      };
    },
    async *logs(principal, id, options = {}) {
      requireRight(principal, 'deployments.read', 'Reading the logs of a deployment');
      yield* containerLogs(context, principal, id, options);
    },
    async destroy(principal, id, { deleteConnectors = false } = {}) {
      requireRight(principal, 'deployments.destroy', 'Destroying a deployment');
      return show(await destroyDeployment(context, principal, id, deleteConnectors));
    },
  };
}

async function listDeployments(
  context: Context,
  principal: Principal,
  page: NonNullable<Parameters<Deployments['list']>[1]>,
): ReturnType<Deployments['list']> {
  const { database } = context;
  const { limit, offset } = pageBounds(page);
  const alive =
    page.includeDeleted === true ? undefined : or(isNull(deployments.deletionStatus), ne(deployments.deletionStatus, 'deleted'));
  const wanted = and(eq(deployments.organizationId, principal.organizationId), alive);
  const rows = await database.query((db) =>
    db.select().from(deployments).where(wanted).orderBy(desc(deployments.createdAt), desc(deployments.id)).limit(limit).offset(offset),
  );
  const [counted] = await database.query((db) => db.select({ total: count() }).from(deployments).where(wanted));
  const attached = await database.query((db) =>
    attachedTo(
      db,
      rows.map(({ id }) => id),
    ),
  );
  return { items: rows.map((row) => toDeployment(context, row, attached)), total: counted?.total ?? 0 };
}

function exportOf(context: Context, row: DeploymentRow): string {
  const { id, name, config } = row;
  if (config === null) return templateYaml({ id, name, platform: context.defaultPlatform });
  // Of a deleted deployment only the names are left.
  const env = row.sealedEnv === null ? config.env : openEnv(context, row.sealedEnv, { of: 'deployment', id });
  return exportYaml({ ...config, id, name, env });
}
