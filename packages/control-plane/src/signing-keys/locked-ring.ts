// Changes to a key ring, each in a transaction under one lock: any number of servers may try at the same moment.
import type { KeyRingStep } from '@runlayer/identity-forward/sign';
import { generateSigningKey, keyRingStep, publicJwks, removalTime } from '@runlayer/identity-forward/sign';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { AuditEntry } from '../audit/write-audit.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { Connection } from '../database/database.ts';
import { rawRows } from '../database/raw-rows.ts';
import type { Actor } from '../principal.ts';
import { signingKeys } from '../schema/index.ts';
import type { RingContext } from './ring-context.ts';
import { sealedColumn } from './ring-context.ts';
import type { KeyRow } from './ring-rows.ts';
import { databaseNow, readAll, toRingKey } from './ring-rows.ts';

/** The ring while nobody else can change it. */
export interface LockedRing extends RingContext {
  readonly tx: Connection;
  /** Who makes the changes. */
  readonly actor: Actor;
}

/** Why a key takes over: `now` before its time by an operator, `revocation` in place of a revoked one. */
export type Reason = Extract<KeyRingStep, { do: 'promote' }>['reason'] | 'now' | 'revocation';

type StoredKey = typeof signingKeys.$inferSelect;

/** Any number that nothing else on the database uses. */
const ringLock = 7_240_117_393;
/** Keys that are published no more and stay listed. */
const mostFormer = 50;
/** A guard against a rule that never comes to rest; more than this is never due at once. */
const mostSteps = 200;

/** Runs `work` alone among all servers; fails when the ring stays locked for 10 s. */
export async function withLockedRing<Result>(
  context: RingContext,
  actor: Actor,
  work: (ring: LockedRing) => Promise<Result>,
): Promise<Result> {
  return context.database.transaction(async (tx) => {
    await tx.execute(sql`set local lock_timeout = '10s'`);
    await tx.execute(sql`select pg_advisory_xact_lock(${ringLock})`);
    return work({ ...context, tx, actor });
  });
}

/** The same, but leaves it when another server is at it: one that hangs must not stop this one from reading. */
export async function withFreeRing(context: RingContext, actor: Actor, work: (ring: LockedRing) => Promise<unknown>): Promise<void> {
  await context.database.transaction(async (tx) => {
    const [lock] = await rawRows<{ free: boolean }>(tx, sql`select pg_try_advisory_xact_lock(${ringLock}) as free`);
    if (lock?.free === true) await work({ ...context, tx, actor });
  });
}

/** Takes every step that is due by the database's clock; returns the key that took over last, if one did. */
export async function takeDueSteps(ring: LockedRing): Promise<KeyRow | undefined> {
  let promoted: KeyRow | undefined;
  for (let taken = 0; taken < mostSteps; taken += 1) {
    const rows = await readAll(ring.tx, ring.organizationId);
    const step = keyRingStep(rows.map(toRingKey), (await databaseNow(ring.tx)).getTime(), ring.timing);
    if (step === undefined) return promoted;
    if (step.do === 'create') await createNext(ring);
    else if (step.do === 'remove') await removeKey(ring, step.kid);
    else promoted = await promoteNext(ring, step.reason);
  }
  throw new TypeError('the key ring does not come to rest');
}

/** Makes a key and publishes it. `requestedAt`: somebody waits for it to take over. */
export async function createNext(ring: LockedRing, requestedAt: Date | null = null): Promise<void> {
  const { organizationId, sealer, newId, timing } = ring;
  const key = generateSigningKey();
  const [publicJwk] = publicJwks([key]).keys;
  if (publicJwk === undefined) throw new TypeError('a key has no public half');
  const createdAt = await databaseNow(ring.tx);
  const id = newId();
  const values = {
    id,
    organizationId,
    kid: key.kid,
    sealedPrivateJwk: sealer.seal(JSON.stringify(key), { row: id, column: sealedColumn }),
    publicJwk,
    state: 'next' as const,
    createdAt,
    publishedAt: new Date(createdAt.getTime() + timing.refreshSeconds * 1000),
    requestedAt,
  };
  await ring.tx.insert(signingKeys).values(values);
  await audit(ring, 'created', values, createdAt);
}

/** Makes the next key the current one, and retires the one that was it. */
export async function promoteNext(ring: LockedRing, reason: Reason): Promise<KeyRow> {
  const at = await databaseNow(ring.tx);
  const former = await change(ring, 'current', { state: 'retired', retiredAt: at, sealedPrivateJwk: null });
  const promoted = await change(ring, 'next', { state: 'current', promotedAt: at });
  if (promoted === undefined) throw new TypeError('there is no next signing key');
  await audit(ring, 'promoted', promoted, at, { before: { kid: former?.kid ?? null }, after: { kid: promoted.kid, reason } });
  if (former !== undefined) {
    const removed_at = new Date(removalTime(toRingKey(former), ring.timing) ?? 0).toISOString();
    await audit(ring, 'retired', former, at, { after: { removed_at } });
  }
  return promoted;
}

/** Writes an audit row about a key. */
export async function audit(
  { tx, organizationId, actor }: LockedRing,
  verb: string,
  { id, kid }: Pick<KeyRow, 'id' | 'kid'>,
  at: Date,
  details: Pick<AuditEntry, 'before' | 'after'> = {},
): Promise<void> {
  await writeAudit(tx, {
    organizationId,
    actor,
    action: `signing_key.${verb}`,
    target: { type: 'signing_key', id, name: kid },
    ...details,
    at,
  });
}

async function removeKey(ring: LockedRing, kid: string): Promise<void> {
  const at = await databaseNow(ring.tx);
  const removed = await change(ring, 'retired', { state: 'removed', removedAt: at }, kid);
  if (removed !== undefined) await audit(ring, 'removed', removed, at);
  await forgetOldest(ring);
}

/** Changes the key in a state; there is one, or `kid` says which. */
async function change(ring: LockedRing, state: KeyRow['state'], values: Partial<StoredKey>, kid?: string): Promise<KeyRow | undefined> {
  const own = and(eq(signingKeys.organizationId, ring.organizationId), eq(signingKeys.state, state));
  const wanted = kid === undefined ? own : and(own, eq(signingKeys.kid, kid));
  const [changed] = await ring.tx.update(signingKeys).set(values).where(wanted).returning();
  return changed;
}

/** Deletes former keys beyond those that stay listed; the audit log keeps what happened. */
export async function forgetOldest({ tx, organizationId }: LockedRing): Promise<void> {
  const isFormer = and(eq(signingKeys.organizationId, organizationId), inArray(signingKeys.state, ['removed', 'revoked']));
  const surplus = tx
    .select({ id: signingKeys.id })
    .from(signingKeys)
    .where(isFormer)
    .orderBy(desc(signingKeys.createdAt), desc(signingKeys.kid))
    .offset(mostFormer);
  await tx.delete(signingKeys).where(inArray(signingKeys.id, surplus));
}
