// The verbs of connectors over the database: who may, then what.
import { and, asc, count, eq } from 'drizzle-orm';
import { by, changedFields, writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import type { Connection } from '../database/database.ts';
import { fail } from '../error-codes.ts';
import { asUuid } from '../ids.ts';
import { pageBounds } from '../page.ts';
import { requireRight } from '../permissions.ts';
import type { Principal } from '../principal.ts';
import { nextRouteRevision } from '../routes/route-revision.ts';
import { connectors } from '../schema/index.ts';
import { removeSessionsOf } from '../sessions/expire.ts';
import { optionalText, shortText } from '../text-input.ts';
import type { ConnectorChange } from './connector.ts';
import type { ConnectorRow } from './connector-view.ts';
import { auditedFields, toConnector, transportOf } from './connector-view.ts';
import type { Connectors } from './connectors.ts';
import { registerConnector } from './register.ts';

/** The connectors of a control plane. */
export function createConnectors(context: Context): Connectors {
  const { database } = context;
  return {
    async register(principal, input) {
      requireRight(principal, 'connectors.write', 'Registering a connector');
      return toConnector(await registerConnector(context, principal, input));
    },
    async get(principal, id) {
      requireRight(principal, 'connectors.read', 'Reading a connector');
      return toConnector(await database.query((db) => find(db, principal, id)));
    },
    async list(principal, page = {}) {
      requireRight(principal, 'connectors.read', 'Reading connectors');
      const { limit, offset } = pageBounds(page);
      const ofDeployment = page.deploymentId === undefined ? undefined : eq(connectors.deploymentId, asUuid(page.deploymentId) ?? noId);
      const wanted = and(eq(connectors.organizationId, principal.organizationId), ofDeployment);
      const rows = await database.query((db) =>
        db.select().from(connectors).where(wanted).orderBy(asc(connectors.createdAt), asc(connectors.id)).limit(limit).offset(offset),
      );
      const [counted] = await database.query((db) => db.select({ total: count() }).from(connectors).where(wanted));
      return { items: rows.map(toConnector), total: counted?.total ?? 0 };
    },
    async update(principal, id, change) {
      requireRight(principal, 'connectors.write', 'Changing a connector');
      const row = await database.transaction((tx) => changeConnector(context, tx, principal, id, change));
      announce(context, row);
      return toConnector(row);
    },
    async delete(principal, id) {
      requireRight(principal, 'connectors.write', 'Deleting a connector');
      const row = await database.transaction(async (tx) => {
        const found = await find(tx, principal, id);
        await tx.delete(connectors).where(eq(connectors.id, found.id));
        await removeSessionsOf(tx, [found.id]);
        const target = { type: 'connector', id: found.id, name: found.name } as const;
        await writeAudit(tx, { ...by(principal), action: 'connector.deleted', target, before: auditedFields(found), at: context.now() });
        return found;
      });
      announce(context, row);
    },
  };
}

const noId = '00000000-0000-0000-0000-000000000000';

async function find(db: Connection, principal: Principal, id: string): Promise<ConnectorRow> {
  const known = asUuid(id);
  const wanted = and(eq(connectors.id, known ?? noId), eq(connectors.organizationId, principal.organizationId));
  const [row] = known === undefined ? [] : await db.select().from(connectors).where(wanted);
  if (row === undefined) throw fail('ERR_CONNECTOR_NOT_FOUND', 'There is no such connector.');
  return row;
}

async function changeConnector(
  context: Context,
  tx: Connection,
  principal: Principal,
  id: string,
  change: ConnectorChange,
): Promise<ConnectorRow> {
  const row = await find(tx, principal, id);
  const wanted = {
    name: change.name === undefined ? row.name : shortText(change.name, 'name of the connector'),
    description: change.description === undefined ? row.description : optionalText(change.description, 'description', 2000),
    icon: change.icon === undefined ? row.icon : optionalText(change.icon, 'icon', 2048),
    transport: transportOf(change.transport) ?? row.transport,
    forwardHeaders: change.identityForward?.headers ?? row.forwardHeaders,
    forwardToken: change.identityForward?.token ?? row.forwardToken,
  };
  const { changed, ...difference } = changedFields(auditedFields(row), auditedFields({ ...row, ...wanted }));
  if (!changed) return row;
  const at = context.now();
  const [updated] = await tx
    .update(connectors)
    .set({ ...wanted, routeRevision: nextRouteRevision, updatedAt: at })
    .where(eq(connectors.id, row.id))
    .returning();
  const target = { type: 'connector', id: row.id, name: wanted.name } as const;
  await writeAudit(tx, { ...by(principal), action: 'connector.updated', target, ...difference, at });
  return updated ?? row;
}

function announce({ signals }: Context, row: ConnectorRow): void {
  signals.send('routes', { deploymentIds: row.deploymentId === null ? [] : [row.deploymentId], connectorIds: [row.id] });
}
