// A rotation that somebody asks for: at once where no token would be refused for it, or else as soon as that is so.
import { earliestTakeover, isRingFull } from '@runlayer/identity-forward/sign';
import { eq } from 'drizzle-orm';
import { fail } from '../error-codes.ts';
import { systemActor } from '../principal.ts';
import { signingKeys } from '../schema/index.ts';
import type { LockedRing } from './locked-ring.ts';
import { audit, promoteNext, takeDueSteps } from './locked-ring.ts';
import type { KeyRow } from './ring-rows.ts';
import { databaseNow, readAll, toRingKey } from './ring-rows.ts';
import type { Rotation } from './signing-keys.ts';

/** A key that was to take over at once, while some server may not publish it yet. */
export interface Unpublished {
  readonly kid: string;
  /** How soon every server does. */
  readonly inMs: number;
}

/** Rotates, or writes the wish down. One that was due anyway counts as the one asked for. */
export async function rotateRing(ring: LockedRing): Promise<Rotation> {
  const due = await takeDueSteps({ ...ring, actor: systemActor });
  if (due !== undefined) return done(due);
  const { next, now } = await waitingKey(ring);
  const earliest = new Date(earliestTakeover(toRingKey(next), ring.timing));
  return earliest > now ? request(ring, next, now, earliest) : promote(ring, 'request');
}

/**
 * Rotates before the time; not before every server publishes the key, or one would sign with what another does not know.
 * @param waitedFor the key that this caller was told to wait for: another caller may have made it sign meanwhile
 */
export async function rotateRingNow(ring: LockedRing, waitedFor?: string): Promise<Rotation | Unpublished> {
  const due = await takeDueSteps({ ...ring, actor: systemActor });
  if (due !== undefined) return done(due);
  const awaited = (await readAll(ring.tx, ring.organizationId)).find(({ kid }) => kid === waitedFor);
  if (awaited?.promotedAt) return done(awaited);
  const { next, now } = await waitingKey(ring);
  // Waited for once, whatever the clock says: it may have been set back.
  const inMs = next.kid === waitedFor ? 0 : next.publishedAt.getTime() - now.getTime();
  if (inMs > 0) return { kid: next.kid, inMs: Math.min(inMs, ring.timing.refreshSeconds * 1000) };
  return promote(ring, new Date(earliestTakeover(toRingKey(next), ring.timing)) > now ? 'now' : 'request');
}

async function waitingKey(ring: LockedRing): Promise<{ readonly next: KeyRow; readonly now: Date }> {
  const rows = await readAll(ring.tx, ring.organizationId);
  const next = rows.find(({ state }) => state === 'next');
  if (next === undefined) throw new TypeError('there is no next signing key');
  if (isRingFull(rows.map(toRingKey), ring.timing)) {
    throw fail('ERR_SIGNING_KEYS_FULL', `More than ${ring.timing.maxPublished} signing keys are published; no other is made now.`);
  }
  return { next, now: await databaseNow(ring.tx) };
}

async function promote(ring: LockedRing, reason: 'now' | 'request'): Promise<Rotation> {
  const promoted = await promoteNext(ring, reason);
  await takeDueSteps(ring);
  return done(promoted);
}

async function request(ring: LockedRing, next: KeyRow, now: Date, earliest: Date): Promise<Rotation> {
  const at = earliest.toISOString();
  if (next.requestedAt === null) {
    await ring.tx.update(signingKeys).set({ requestedAt: now }).where(eq(signingKeys.id, next.id));
    await audit(ring, 'rotation_requested', next, now, { after: { at } });
  }
  return { done: false, kid: next.kid, at };
}

function done({ kid, promotedAt }: KeyRow): Rotation {
  return { done: true, kid, at: (promotedAt ?? new Date()).toISOString() };
}
