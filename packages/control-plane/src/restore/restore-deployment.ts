// Writes the records of a deployment that was found at its target, in one transaction.
import { maskConfig } from '@runlayer/config-schema';
import type { WorkloadSpec } from '@runlayer/provisioner';
import { eq } from 'drizzle-orm';
import { writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import type { Connection } from '../database/database.ts';
import { sealEnv } from '../deployments/sealed-env.ts';
import { asUuid } from '../ids.ts';
import { actorOf, type OperatorPrincipal } from '../principal.ts';
import { appendLines } from '../releases/append-lines.ts';
import { createRedactor } from '../redaction/redactor.ts';
import { nextRouteRevision } from '../routes/route-revision.ts';
import { deployments, releases } from '../schema/index.ts';
import { storable } from '../worker/failures.ts';
import type { FoundWorkload, RestoreResult } from './found-workload.ts';
import { restoredConfig } from './restored-config.ts';

/** What a restoration works with. */
export type RestoreContext = Pick<Context, 'database' | 'sealer' | 'now' | 'newId'> & { readonly repository: string | undefined };

/** Restores one deployment unless its id is known. */
export function restoreDeployment(context: RestoreContext, operator: OperatorPrincipal, found: FoundWorkload): Promise<RestoreResult> {
  // A program of somebody else may have named its releases as it liked.
  const releaseId = asUuid(found.spec?.releaseId) ?? context.newId();
  return restoreAs(context, operator, found.spec === undefined ? found : { ...found, spec: { ...found.spec, releaseId } });
}

function restoreAs(context: RestoreContext, operator: OperatorPrincipal, found: FoundWorkload): Promise<RestoreResult> {
  return context.database.transaction(async (tx) => {
    const isNew = await insertDeployment(context, tx, operator, found);
    if (!isNew) return 'known';
    if (found.spec !== undefined) await insertRelease(context, tx, operator, found, found.spec);
    const { organizationId } = operator;
    const target = { type: 'deployment', id: found.deploymentId, name: nameOf(found) } as const;
    const after = { release_id: found.spec?.releaseId ?? null, image: found.spec?.image ?? null, state: found.state };
    await writeAudit(tx, { organizationId, actor: actorOf(operator), action: 'deployment.restored', target, after, at: context.now() });
    return 'restored';
  });
}

/** Whether it was not there. */
async function insertDeployment(
  context: RestoreContext,
  tx: Connection,
  operator: OperatorPrincipal,
  found: FoundWorkload,
): Promise<boolean> {
  const { deploymentId: id, spec, state } = found;
  const at = context.now();
  const values = {
    id,
    organizationId: operator.organizationId,
    serverId: await serverIdOf(context, tx, found),
    name: nameOf(found),
    ...(spec === undefined ? {} : wanted(context, spec, { of: 'deployment', id })),
    outputs: found.outputs,
    // Where there is nothing to look at, a route need not look.
    servingReleaseId: spec === undefined || state === 'absent' ? null : spec.releaseId,
    observedState: observed[state],
    lastReleaseNumber: spec === undefined ? 0 : 1,
    routeRevision: nextRouteRevision,
    createdBy: actorOf(operator),
    createdAt: found.createdAt ?? at,
    updatedAt: at,
  };
  const made = await tx
    .insert(deployments)
    .values(values)
    .onConflictDoNothing({ target: deployments.id })
    .returning({ id: deployments.id });
  return made.length > 0;
}

const observed = { serving: 'serving', failing: 'failing', starting: null, absent: null, unknown: null } as const;

/** The image and configuration that the next release takes, and that the restored one had. */
function wanted(
  context: RestoreContext,
  spec: WorkloadSpec,
  place: Parameters<typeof sealEnv>[2],
): Pick<typeof releases.$inferInsert, 'config' | 'sealedEnv' | 'imageReference' | 'pinnedImage' | 'imagePlatform'> {
  const config = restoredConfig(spec, context.repository);
  return {
    config: maskConfig(config),
    sealedEnv: sealEnv(context, config.env, place),
    imageReference: spec.image,
    pinnedImage: spec.image,
    imagePlatform: spec.platform ?? 'x86',
  };
}

async function insertRelease(
  context: RestoreContext,
  tx: Connection,
  operator: OperatorPrincipal,
  { deploymentId, state, failure, createdAt }: FoundWorkload,
  spec: WorkloadSpec,
): Promise<void> {
  const at = context.now();
  const id = spec.releaseId;
  const serves = state === 'serving' || state === 'starting';
  const shown = failure === undefined || serves ? null : storable(failure, createRedactor(Object.values(spec.secrets)));
  await tx.insert(releases).values({
    id,
    organizationId: operator.organizationId,
    deploymentId,
    number: 1,
    requestId: `restored ${id}`,
    ...wanted(context, spec, { of: 'release', id }),
    status: serves ? 'succeeded' : 'failed',
    failure: shown,
    createdBy: actorOf(operator),
    createdAt: createdAt ?? at,
    startedAt: createdAt ?? at,
    finishedAt: at,
  });
  const lines = [
    `Restored by ${operator.command} from what the target knows: the record was lost, this release was found.`,
    'Its log before that, its number, exposed paths, build settings and connectors are not known there.',
  ];
  await appendLines(tx, id, lines);
}

/** The id that the container knows, so that its first connector gets it again; another one where the user has set that variable. */
async function serverIdOf({ newId }: RestoreContext, tx: Connection, { spec }: FoundWorkload): Promise<string> {
  const known = asUuid(spec?.env['RUNLAYER_SERVER_ID']);
  if (known === undefined) return newId();
  const taken = await tx.select({ id: deployments.id }).from(deployments).where(eq(deployments.serverId, known));
  return taken.length === 0 ? known : newId();
}

function nameOf({ deploymentId, spec }: FoundWorkload): string {
  const name = spec?.name ?? '';
  return /^[a-z0-9_-]{1,63}$/.test(name) ? name : `restored-${deploymentId.slice(0, 8)}`;
}
