// People of the organization.
import { and, asc, count, eq } from 'drizzle-orm';
import { by, changedFields, writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import { isDuplicate } from '../database/database-fault.ts';
import type { Connection } from '../database/database.ts';
import { fail } from '../error-codes.ts';
import { asUuid } from '../ids.ts';
import type { Page, PageRequest } from '../page.ts';
import { pageBounds } from '../page.ts';
import type { Principal } from '../principal.ts';
import { users } from '../schema/index.ts';
import { shortText } from '../text-input.ts';
import type { People } from './people.ts';
import type { User } from './person.ts';

type UserRow = typeof users.$inferSelect;

/** Adds a person. */
export async function insertUser(
  { database, newId, now }: Context,
  principal: Principal,
  input: Parameters<People['createUser']>[1],
): Promise<User> {
  const email = emailOf(input.email);
  const values = {
    id: newId(),
    organizationId: principal.organizationId,
    email,
    name: shortText(input.name ?? email, 'name'),
    role: roleOf(input.role ?? 'member'),
    createdAt: now(),
  };
  try {
    return await database.transaction(async (tx) => {
      const [row] = await tx.insert(users).values(values).returning();
      if (row === undefined) throw new TypeError('an insert returned no row');
      const after = { email, name: row.name, role: row.role };
      await writeAudit(tx, { ...by(principal), action: 'user.created', target: targetOf(row), after, at: now() });
      return toUser(row);
    });
  } catch (error) {
    if (isDuplicate(error, 'users_email')) throw fail('ERR_USER_EXISTS', `There is a user ${email} already.`);
    throw error;
  }
}

/** One person. */
export async function readUser({ database }: Context, principal: Principal, id: string): Promise<User> {
  return toUser(await database.query((db) => findUser(db, principal, id)));
}

/** People, oldest first. */
export async function readUsers({ database }: Context, principal: Principal, page: PageRequest | undefined): Promise<Page<User>> {
  const { limit, offset } = pageBounds(page);
  const wanted = eq(users.organizationId, principal.organizationId);
  const rows = await database.query((db) =>
    db.select().from(users).where(wanted).orderBy(asc(users.createdAt), asc(users.id)).limit(limit).offset(offset),
  );
  const [counted] = await database.query((db) => db.select({ total: count() }).from(users).where(wanted));
  return { items: rows.map(toUser), total: counted?.total ?? 0 };
}

/** Changes what is given, and keeps at least one admin. */
export async function changeUser(
  context: Context,
  principal: Principal,
  id: string,
  change: Parameters<People['updateUser']>[2],
): Promise<User> {
  const row = await context.database.transaction(async (tx) => {
    // All admins are held, so that two cannot remove each other.
    await tx.select({ id: users.id }).from(users).where(activeAdmins(principal)).for('update');
    const before = await findUser(tx, principal, id);
    const wanted = {
      name: change.name === undefined ? before.name : shortText(change.name, 'name'),
      role: roleOf(change.role ?? before.role),
      disabled: change.disabled ?? before.disabled,
    };
    const { changed, ...difference } = changedFields({ name: before.name, role: before.role, disabled: before.disabled }, wanted);
    if (!changed) return before;
    const [updated] = await tx.update(users).set(wanted).where(eq(users.id, before.id)).returning();
    await refuseNoAdmin(tx, principal, before);
    await writeAudit(tx, { ...by(principal), action: 'user.updated', target: targetOf(before), ...difference, at: context.now() });
    return updated ?? before;
  });
  context.signals.send('credentials', undefined);
  return toUser(row);
}

/** The row, or `ERR_USER_NOT_FOUND`. */
export async function findUser(db: Connection, principal: Principal, id: string): Promise<UserRow> {
  const known = asUuid(id);
  const rows =
    known === undefined
      ? []
      : await db
          .select()
          .from(users)
          .where(and(eq(users.id, known), eq(users.organizationId, principal.organizationId)));
  const [row] = rows;
  if (row === undefined) throw fail('ERR_USER_NOT_FOUND', 'There is no such user.');
  return row;
}

function activeAdmins(principal: Principal) {
  return and(eq(users.organizationId, principal.organizationId), eq(users.role, 'admin'), eq(users.disabled, false));
}

async function refuseNoAdmin(tx: Connection, principal: Principal, row: UserRow): Promise<void> {
  const left = await tx.select({ id: users.id }).from(users).where(activeAdmins(principal)).limit(1);
  if (left.length === 0) throw fail('ERR_USER_LAST_ADMIN', `${row.email} is the last admin.`);
}

function targetOf(row: UserRow) {
  return { type: 'user', id: row.id, name: row.email } as const;
}

function toUser({ id, organizationId, email, name, role, disabled, createdAt }: UserRow): User {
  return { id, organizationId, email, name, role, disabled, createdAt: createdAt.toISOString() };
}

/** The address in lower case. Throws `ERR_INPUT_INVALID` when it has no form of one. */
export function emailOf(value: unknown): string {
  const email = shortText(value, 'e-mail', 254).toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw fail('ERR_INPUT_INVALID', 'The e-mail is not of the form name@host.');
  return email;
}

function roleOf(role: unknown): 'admin' | 'member' {
  if (role === 'admin' || role === 'member') return role;
  throw fail('ERR_INPUT_INVALID', 'The role of a user is admin or member.');
}
