// What the first start makes: the organization and its first admin with a key. Later starts find them.
import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { writeAudit } from './audit/write-audit.ts';
import type { Context } from './context.ts';
import type { Connection } from './database/database.ts';
import { fail } from './error-codes.ts';
import { hashKey, newKey, prefixOf } from './keys/key-text.ts';
import type { BootstrapOptions } from './options.ts';
import { emailOf } from './people/users.ts';
import { systemActor } from './principal.ts';
import { apiKeys, organizations, users } from './schema/index.ts';

/** What a start found or made. */
export interface Bootstrap {
  readonly organizationId: string;
  readonly adminUserId: string;
  /** The first admin's key, when it was generated at this start: show it now, it cannot be read again. */
  readonly generatedAdminApiKey?: string | undefined;
}

const shortestKey = 16;
/** Two servers that start at once on one database do this one after the other. */
const bootstrapLock = 7_240_117_392;

/** Repeating it changes nothing, unless the operator gives another key: that one then takes the former one's place. */
export async function bootstrap(context: Context, options: BootstrapOptions = {}): Promise<Bootstrap> {
  const given = options.adminApiKey;
  if (given !== undefined && (given.length < shortestKey || given.length > 512 || given.trim() !== given)) {
    throw fail('ERR_INPUT_INVALID', `The key of the first admin must have ${shortestKey} to 512 characters and no spaces around it.`);
  }
  return context.database.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${bootstrapLock})`);
    const organizationId = await theOrganization(context, tx, options);
    const adminUserId = await theAdmin(context, tx, organizationId, options);
    const generated = given === undefined && !(await hasKey(tx, adminUserId)) ? newKey('user') : undefined;
    const key = given ?? generated;
    if (key !== undefined) await ensureKey(context, tx, organizationId, adminUserId, key);
    return { organizationId, adminUserId, generatedAdminApiKey: generated };
  });
}

/** Id of the organization; made where there is none. */
export function ensureOrganization(
  context: Pick<Context, 'database' | 'newId' | 'now'>,
  options: Pick<BootstrapOptions, 'organizationName'>,
): Promise<string> {
  return context.database.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${bootstrapLock})`);
    return theOrganization(context, tx, options);
  });
}

async function theOrganization({ newId, now }: Pick<Context, 'newId' | 'now'>, tx: Connection, options: BootstrapOptions): Promise<string> {
  const [there] = await tx.select().from(organizations).orderBy(organizations.createdAt).limit(1);
  if (there !== undefined) return there.id;
  const values = { id: newId(), name: options.organizationName ?? 'Default', createdAt: now() };
  await tx.insert(organizations).values(values);
  const target = { type: 'organization', id: values.id, name: values.name } as const;
  await writeAudit(tx, { organizationId: values.id, actor: systemActor, action: 'organization.created', target, at: now() });
  return values.id;
}

async function theAdmin({ newId, now }: Context, tx: Connection, organizationId: string, options: BootstrapOptions): Promise<string> {
  const [there] = await tx
    .select()
    .from(users)
    .where(and(eq(users.organizationId, organizationId), eq(users.bootstrap, true)));
  if (there !== undefined) return there.id;
  const email = emailOf(options.adminEmail ?? 'admin@localhost');
  const values = { id: newId(), organizationId, email, name: email, role: 'admin' as const, bootstrap: true, createdAt: now() };
  await tx.insert(users).values(values);
  const target = { type: 'user', id: values.id, name: email } as const;
  await writeAudit(tx, { organizationId, actor: systemActor, action: 'user.created', target, after: { email, role: 'admin' }, at: now() });
  return values.id;
}

async function hasKey(tx: Connection, userId: string): Promise<boolean> {
  const found = await tx
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, userId), eq(apiKeys.bootstrap, true)))
    .limit(1);
  return found.length > 0;
}

async function ensureKey({ newId, now }: Context, tx: Connection, organizationId: string, userId: string, key: string): Promise<void> {
  const hash = hashKey(key);
  const [taken] = await tx.select().from(apiKeys).where(eq(apiKeys.hash, hash));
  if (taken !== undefined && taken.userId !== userId)
    throw fail('ERR_API_KEY_EXISTS', 'The key given for the first admin belongs to another account.');
  const former = and(eq(apiKeys.userId, userId), eq(apiKeys.bootstrap, true), ne(apiKeys.hash, hash), isNull(apiKeys.revokedAt));
  const replaced = await tx.update(apiKeys).set({ revokedAt: now() }).where(former).returning();
  const target = { type: 'api_key', id: taken?.id ?? newId(), name: 'First admin' } as const;
  if (taken === undefined) {
    const values = {
      id: target.id,
      organizationId,
      hash,
      prefix: prefixOf(key),
      ownerType: 'user' as const,
      userId,
      name: target.name,
      createdBy: 'system',
      bootstrap: true,
      createdAt: now(),
    };
    await tx.insert(apiKeys).values(values);
  } else if (taken.revokedAt !== null) {
    await tx.update(apiKeys).set({ revokedAt: null }).where(eq(apiKeys.id, taken.id));
  } else if (replaced.length === 0) {
    return;
  }
  await writeAudit(tx, {
    organizationId,
    actor: systemActor,
    action: 'api_key.created',
    target,
    after: { owner: 'user', role: 'admin', replaced: replaced.length },
    at: now(),
  });
}
