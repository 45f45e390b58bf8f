// Makes the record of a deployment, and changes its name and icon.
import { eq } from 'drizzle-orm';
import { by, changedFields, writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import { fail } from '../error-codes.ts';
import type { Principal } from '../principal.ts';
import { actorOf } from '../principal.ts';
import { deployments } from '../schema/index.ts';
import { optionalText } from '../text-input.ts';
import type { DeploymentRow } from './deployment-rows.ts';
import { lockDeployment, refuseDeleted } from './deployment-rows.ts';

/** A new record with its two ids. */
export async function createDeployment(
  { database, newId, now }: Context,
  principal: Principal,
  input: { readonly name: string; readonly icon?: string | null | undefined },
): Promise<DeploymentRow> {
  const name = deploymentName(input.name);
  const icon = optionalText(input.icon, 'icon', longestIcon);
  const id = newId();
  const at = now();
  return database.transaction(async (tx) => {
    const [row] = await tx
      .insert(deployments)
      .values({
        id,
        organizationId: principal.organizationId,
        serverId: newId(),
        name,
        icon,
        createdBy: actorOf(principal),
        createdAt: at,
        updatedAt: at,
      })
      .returning();
    if (row === undefined) throw new TypeError('an insert returned no row');
    await writeAudit(tx, {
      ...by(principal),
      action: 'deployment.created',
      target: { type: 'deployment', id, name },
      after: { name, icon },
      at,
    });
    return row;
  });
}

/** Changes what is given. */
export async function renameDeployment(
  { database, now }: Context,
  principal: Principal,
  id: string,
  change: { readonly name?: string | undefined; readonly icon?: string | null | undefined },
): Promise<DeploymentRow> {
  const name = change.name === undefined ? undefined : deploymentName(change.name);
  const icon = change.icon === undefined ? undefined : optionalText(change.icon, 'icon', longestIcon);
  return database.transaction(async (tx) => {
    const row = await lockDeployment(tx, principal, id);
    refuseDeleted(row);
    const before = { name: row.name, icon: row.icon };
    const after = { name: name ?? row.name, icon: icon === undefined ? row.icon : icon };
    const { changed, ...difference } = changedFields(before, after);
    if (!changed) return row;
    const [updated] = await tx
      .update(deployments)
      .set({ ...after, updatedAt: now() })
      .where(eq(deployments.id, row.id))
      .returning();
    const target = { type: 'deployment', id: row.id, name: after.name } as const;
    await writeAudit(tx, { ...by(principal), action: 'deployment.renamed', target, ...difference, at: now() });
    return updated ?? row;
  });
}

const longestIcon = 2048;
/** As in `runlayer.yaml`. */
const longestName = 63;

function deploymentName(name: unknown): string {
  if (typeof name === 'string' && /^[a-z0-9_-]+$/.test(name) && name.length <= longestName) return name;
  throw fail(
    'ERR_DEPLOYMENT_NAME_INVALID',
    `The name of a deployment has lower-case letters, digits, - and _ only, and at most ${longestName} of them.`,
  );
}
