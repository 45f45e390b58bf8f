// Agent accounts: programs with credentials of their own.
import { and, asc, count, eq } from 'drizzle-orm';
import { by, changedFields, writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import type { Connection } from '../database/database.ts';
import { fail } from '../error-codes.ts';
import { asUuid } from '../ids.ts';
import type { Page, PageRequest } from '../page.ts';
import { pageBounds } from '../page.ts';
import type { Principal } from '../principal.ts';
import { agents } from '../schema/index.ts';
import { shortText } from '../text-input.ts';
import type { People } from './people.ts';
import type { Agent } from './person.ts';

type AgentRow = typeof agents.$inferSelect;

/** Adds an agent account. Its name ends in a header, so it has no line breaks. */
export async function insertAgent(
  { database, newId, now }: Context,
  principal: Principal,
  input: { readonly name: string },
): Promise<Agent> {
  const values = {
    id: newId(),
    organizationId: principal.organizationId,
    name: shortText(input.name, 'name of the agent'),
    createdAt: now(),
  };
  return database.transaction(async (tx) => {
    const [row] = await tx.insert(agents).values(values).returning();
    if (row === undefined) throw new TypeError('an insert returned no row');
    await writeAudit(tx, { ...by(principal), action: 'agent.created', target: targetOf(row), after: { name: row.name }, at: now() });
    return toAgent(row);
  });
}

/** One agent account. */
export async function readAgent({ database }: Context, principal: Principal, id: string): Promise<Agent> {
  return toAgent(await database.query((db) => findAgent(db, principal, id)));
}

/** Agent accounts, oldest first. */
export async function readAgents({ database }: Context, principal: Principal, page: PageRequest | undefined): Promise<Page<Agent>> {
  const { limit, offset } = pageBounds(page);
  const wanted = eq(agents.organizationId, principal.organizationId);
  const rows = await database.query((db) =>
    db.select().from(agents).where(wanted).orderBy(asc(agents.createdAt), asc(agents.id)).limit(limit).offset(offset),
  );
  const [counted] = await database.query((db) => db.select({ total: count() }).from(agents).where(wanted));
  return { items: rows.map(toAgent), total: counted?.total ?? 0 };
}

/** Changes what is given. */
export async function changeAgent(
  context: Context,
  principal: Principal,
  id: string,
  change: Parameters<People['updateAgent']>[2],
): Promise<Agent> {
  const row = await context.database.transaction(async (tx) => {
    const before = await findAgent(tx, principal, id);
    const wanted = {
      name: change.name === undefined ? before.name : shortText(change.name, 'name of the agent'),
      disabled: change.disabled ?? before.disabled,
    };
    const { changed, ...difference } = changedFields({ name: before.name, disabled: before.disabled }, wanted);
    if (!changed) return before;
    const [updated] = await tx.update(agents).set(wanted).where(eq(agents.id, before.id)).returning();
    await writeAudit(tx, { ...by(principal), action: 'agent.updated', target: targetOf(before), ...difference, at: context.now() });
    return updated ?? before;
  });
  context.signals.send('credentials', undefined);
  return toAgent(row);
}

/** The row, or `ERR_AGENT_NOT_FOUND`. */
export async function findAgent(db: Connection, principal: Principal, id: string): Promise<AgentRow> {
  const known = asUuid(id);
  const rows =
    known === undefined
      ? []
      : await db
          .select()
          .from(agents)
          .where(and(eq(agents.id, known), eq(agents.organizationId, principal.organizationId)));
  const [row] = rows;
  if (row === undefined) throw fail('ERR_AGENT_NOT_FOUND', 'There is no such agent account.');
  return row;
}

function targetOf(row: AgentRow) {
  return { type: 'agent', id: row.id, name: row.name } as const;
}

function toAgent({ id, organizationId, name, disabled, createdAt }: AgentRow): Agent {
  return { id, organizationId, name, disabled, createdAt: createdAt.toISOString() };
}
