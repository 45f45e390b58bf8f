// Finds out whose key it is, from memory where that is still exact.
import { and, eq, isNull } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { Principal } from '../principal.ts';
import { agents, apiKeys, users } from '../schema/index.ts';
import { hashKey } from './key-text.ts';

/** How exact `last_used_at` is, ms: one write in that time, not one a call. */
const usedEveryMs = 5 * 60_000;
const longestKey = 512;
const mostRemembered = 10_000;

interface Remembered {
  readonly principal: Principal;
  /** By the process's clock. */
  readonly until: number;
}

/** Checks keys. Changes made in this process count at once; on a shared database those of other processes within a second. */
export function createAuthenticate(context: Context): (key: string) => Promise<Principal | undefined> {
  const { database, signals, now } = context;
  const rememberMs = database.kind === 'pglite' ? 60_000 : 1_000;
  const remembered = new Map<string, Remembered>();
  let generation = 0;
  signals.hear('credentials', () => {
    generation += 1;
    remembered.clear();
  });

  return async (key) => {
    if (key.length === 0 || key.length > longestKey) return undefined;
    const hash = hashKey(key);
    const at = now().getTime();
    const known = remembered.get(hash);
    if (known !== undefined && at < known.until) return known.principal;
    const asked = generation;
    const found = await lookUp(context, hash, at);
    if (found !== undefined && asked === generation) {
      if (remembered.size >= mostRemembered) remembered.clear();
      remembered.set(hash, { principal: found.principal, until: Math.min(at + rememberMs, found.expiresAt ?? Infinity) });
    }
    return found?.principal;
  };
}

async function lookUp(
  { database, logger }: Context,
  hash: string,
  at: number,
): Promise<{ principal: Principal; expiresAt: number | undefined } | undefined> {
  const [row] = await database.query((db) =>
    db
      .select({ key: apiKeys, user: users, agent: agents })
      .from(apiKeys)
      .leftJoin(users, eq(users.id, apiKeys.userId))
      .leftJoin(agents, eq(agents.id, apiKeys.agentId))
      .where(and(eq(apiKeys.hash, hash), isNull(apiKeys.revokedAt))),
  );
  if (row === undefined || (row.key.expiresAt !== null && row.key.expiresAt.getTime() <= at)) return undefined;
  const principal = principalOf(row);
  if (principal === undefined) return undefined;
  if (at - (row.key.lastUsedAt?.getTime() ?? 0) >= usedEveryMs) {
    const used = database.query((db) =>
      db
        .update(apiKeys)
        .set({ lastUsedAt: new Date(at) })
        .where(eq(apiKeys.id, row.key.id)),
    );
    await used.catch(() => logger.warn('The time of the last use of a key was not stored.'));
  }
  return { principal, expiresAt: row.key.expiresAt?.getTime() };
}

function principalOf({
  key,
  user,
  agent,
}: {
  key: typeof apiKeys.$inferSelect;
  user: typeof users.$inferSelect | null;
  agent: typeof agents.$inferSelect | null;
}): Principal | undefined {
  const { organizationId } = key;
  if (key.ownerType === 'organization')
    return { type: 'organization_key', organizationId, role: key.role ?? 'member', keyId: key.id, keyName: key.name };
  if (user !== null && !user.disabled) {
    return { type: 'user', organizationId, role: user.role, userId: user.id, userEmail: user.email, userName: user.name, keyId: key.id };
  }
  if (agent !== null && !agent.disabled)
    return { type: 'agent', organizationId, role: 'member', agentId: agent.id, agentName: agent.name, keyId: key.id };
  return undefined;
}
