// The verbs of API keys over the database.
import type { SQL } from 'drizzle-orm';
import { and, count, desc, eq, isNull } from 'drizzle-orm';
import { by, writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import type { Connection } from '../database/database.ts';
import { fail } from '../error-codes.ts';
import { asUuid } from '../ids.ts';
import { pageBounds } from '../page.ts';
import { allows, requireRight } from '../permissions.ts';
import { findAgent } from '../people/agents.ts';
import { findUser } from '../people/users.ts';
import type { Principal, Role } from '../principal.ts';
import { actorOf } from '../principal.ts';
import { apiKeys, users } from '../schema/index.ts';
import { shortText } from '../text-input.ts';
import type { ApiKey, NewApiKey } from './api-key.ts';
import type { ApiKeys } from './api-keys.ts';
import { hashKey, newKey, prefixOf } from './key-text.ts';

type KeyRow = typeof apiKeys.$inferSelect;

/** The API keys of a control plane. */
export function createApiKeys(context: Context): ApiKeys {
  const { database, newId, now, signals } = context;
  return {
    async create(principal, input) {
      requireRightOver(principal, input.owner.type === 'user' ? input.owner.userId : undefined, 'Making this key');
      const secret = newKey(input.owner.type);
      const expiresAt = expiryOf(input.expiresAt, now());
      const fixed = {
        id: newId(),
        organizationId: principal.organizationId,
        name: shortText(input.name, 'name of the key'),
        expiresAt,
        createdAt: now(),
      };
      const key = await database.transaction(async (tx) => {
        const owner = await ownerColumns(tx, principal, input);
        const [row] = await tx
          .insert(apiKeys)
          .values({ ...fixed, ...owner.columns, hash: hashKey(secret), prefix: prefixOf(secret), createdBy: actorOf(principal).name })
          .returning();
        if (row === undefined) throw new TypeError('an insert returned no row');
        const after = { owner: input.owner.type, role: owner.role, expires_at: expiresAt?.toISOString() ?? null };
        await writeAudit(tx, { ...by(principal), action: 'api_key.created', target: targetOf(row), after, at: now() });
        return toApiKey(row, owner.role);
      });
      return { key, secret };
    },
    async list(principal, page) {
      requireRight(principal, 'keys.own', 'Reading API keys');
      const { limit, offset } = pageBounds(page);
      const wanted = and(visibleTo(principal));
      const rows = await selectKeys(context, wanted, limit, offset);
      const [counted] = await database.query((db) => db.select({ total: count() }).from(apiKeys).where(wanted));
      return { items: rows, total: counted?.total ?? 0 };
    },
    async revoke(principal, id) {
      requireRight(principal, 'keys.own', 'Revoking an API key');
      const known = asUuid(id);
      const mine = known === undefined ? undefined : and(visibleTo(principal), eq(apiKeys.id, known));
      const [found] = mine === undefined ? [] : await selectKeys(context, mine, 1, 0);
      if (found === undefined) throw fail('ERR_API_KEY_NOT_FOUND', 'There is no such API key.');
      await database.transaction(async (tx) => {
        const [row] = await tx
          .update(apiKeys)
          .set({ revokedAt: now() })
          .where(and(mine, isNull(apiKeys.revokedAt)))
          .returning();
        if (row !== undefined) await writeAudit(tx, { ...by(principal), action: 'api_key.revoked', target: targetOf(row), at: now() });
      });
      signals.send('credentials', undefined);
      const [after] = await selectKeys(context, mine, 1, 0);
      return after ?? found;
    },
  };
}

/** Everybody may manage their own keys; those of others, of agents and of the organization take an admin. */
function requireRightOver(principal: Principal, ownerUserId: string | undefined, what: string): void {
  const own = principal.type === 'user' && ownerUserId !== undefined && asUuid(ownerUserId) === principal.userId;
  requireRight(principal, own ? 'keys.own' : 'keys.manage', what);
}

function visibleTo(principal: Principal): SQL | undefined {
  const inOrganization = eq(apiKeys.organizationId, principal.organizationId);
  if (allows(principal, 'keys.manage')) return inOrganization;
  if (principal.type === 'user') return and(inOrganization, eq(apiKeys.userId, principal.userId));
  if (principal.type === 'agent') return and(inOrganization, eq(apiKeys.agentId, principal.agentId));
  return and(inOrganization, eq(apiKeys.id, principal.keyId));
}

async function selectKeys({ database }: Context, wanted: SQL | undefined, limit: number, offset: number): Promise<readonly ApiKey[]> {
  const rows = await database.query((db) =>
    db
      .select({ key: apiKeys, userRole: users.role })
      .from(apiKeys)
      .leftJoin(users, eq(users.id, apiKeys.userId))
      .where(wanted)
      .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
      .limit(limit)
      .offset(offset),
  );
  return rows.map(({ key, userRole }) => toApiKey(key, key.role ?? userRole ?? 'member'));
}

async function ownerColumns(tx: Connection, principal: Principal, { owner, role }: NewApiKey) {
  if (owner.type !== 'organization' && role !== undefined) {
    throw fail('ERR_INPUT_INVALID', 'Only a key of the organization has a role of its own; others have their owner’s.');
  }
  if (owner.type === 'user') {
    const user = await findUser(tx, principal, owner.userId);
    return { columns: { ownerType: owner.type, userId: user.id }, role: user.role as Role };
  }
  if (owner.type === 'agent') {
    const agent = await findAgent(tx, principal, owner.agentId);
    return { columns: { ownerType: owner.type, agentId: agent.id }, role: 'member' as Role };
  }
  if (role !== 'admin' && role !== 'member' && role !== 'deploy') {
    throw fail('ERR_INPUT_INVALID', 'The role of an organization key is admin, member or deploy.');
  }
  return { columns: { ownerType: owner.type, role }, role };
}

function expiryOf(value: string | null | undefined, now: Date): Date | null {
  if (value === undefined || value === null) return null;
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) throw fail('ERR_INPUT_INVALID', 'The expiry of a key is a time in ISO 8601.');
  if (at <= now) throw fail('ERR_INPUT_INVALID', 'The expiry of a key lies in the past.');
  return at;
}

function targetOf(row: KeyRow) {
  return { type: 'api_key', id: row.id, name: row.name } as const;
}

function toApiKey(row: KeyRow, role: Role): ApiKey {
  const { id, organizationId, name, prefix, createdBy } = row;
  const owner =
    row.ownerType === 'user'
      ? { type: 'user' as const, userId: row.userId ?? '' }
      : row.ownerType === 'agent'
        ? { type: 'agent' as const, agentId: row.agentId ?? '' }
        : { type: 'organization' as const };
  return {
    id,
    organizationId,
    name,
    prefix,
    owner,
    role,
    createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
