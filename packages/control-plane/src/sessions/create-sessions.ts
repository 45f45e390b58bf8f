// Sessions over the database: few statements for many of them, and never more rows than are allowed.
import { and, eq, or, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { mcpSessions } from '../schema/index.ts';
import { expireSessions, trimPrincipal } from './expire.ts';
import type { McpSession, McpSessionChange, Sessions } from './sessions.ts';

type Row = typeof mcpSessions.$inferSelect;

const mostNamesakes = 8;

/** The sessions of a control plane. */
export function createSessions(context: Context): Sessions {
  const { database } = context;
  return {
    async find(organizationId, fingerprint) {
      const wanted = and(eq(mcpSessions.organizationId, organizationId), eq(mcpSessions.fingerprint, fingerprint));
      return (await database.query((db) => db.select().from(mcpSessions).where(wanted).limit(mostNamesakes))).map(toSession);
    },
    async write(changes) {
      // Statement by statement, each in one order of rows: servers that write at once do not wait for one another in a ring.
      await writeOpened(context, rowsOf(changes, 'opened'));
      await writeUsed(context, rowsOf(changes, 'used'));
      await writeClosed(context, rowsOf(changes, 'closed'));
    },
    expire: () => expireSessions(context),
  };
}

async function writeOpened(context: Context, rows: Row[]): Promise<void> {
  if (rows.length === 0) return;
  await context.database.query((db) =>
    db
      .insert(mcpSessions)
      .values(rows)
      .onConflictDoUpdate({
        target: key,
        set: { ...latest, organizationId: sql`excluded.organization_id`, principal: sql`excluded.principal` },
      }),
  );
  for (const owner of ownersOf(rows)) await trimPrincipal(context, owner);
}

async function writeUsed(context: Context, rows: Row[]): Promise<void> {
  if (rows.length === 0) return;
  const isSameOwner = eq(mcpSessions.principal, sql`excluded.principal`);
  await context.database.query((db) =>
    db.insert(mcpSessions).values(rows).onConflictDoUpdate({ target: key, set: latest, setWhere: isSameOwner }),
  );
  for (const owner of ownersOf(rows)) await trimPrincipal(context, owner);
}

async function writeClosed({ database }: Context, rows: Row[]): Promise<void> {
  if (rows.length === 0) return;
  const isClosed = rows.map(({ routeId, fingerprint, principal, instance }) =>
    and(
      eq(mcpSessions.routeId, routeId),
      eq(mcpSessions.fingerprint, fingerprint),
      eq(mcpSessions.principal, principal),
      eq(mcpSessions.instance, instance),
    ),
  );
  await database.query((db) => db.delete(mcpSessions).where(or(...isClosed)));
}

const key = [mcpSessions.routeId, mcpSessions.fingerprint];
const latest = { instance: sql`excluded.instance`, lastUsedAt: sql`excluded.last_used_at` };

function rowsOf(changes: readonly McpSessionChange[], kind: McpSessionChange['kind']): Row[] {
  return changes
    .filter((change) => change.kind === kind)
    .map(({ session }) => ({ ...session, lastUsedAt: new Date(session.lastUsedAt) }))
    .sort((one, other) => (one.fingerprint < other.fingerprint ? -1 : 1));
}

function ownersOf(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [`${row.organizationId} ${row.principal}`, row])).values()];
}

function toSession({ lastUsedAt, ...row }: Row): McpSession {
  return { ...row, lastUsedAt: lastUsedAt.getTime() };
}
