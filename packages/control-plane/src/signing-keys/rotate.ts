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

/** Rotates, or writes the wish down. One that was due anyway counts as the one asked for. */
export async function rotateRing(ring: LockedRing, isForced: boolean): Promise<Rotation> {
  const due = await takeDueSteps({ ...ring, actor: systemActor });
  if (due !== undefined) return done(due);
  const rows = await readAll(ring.tx, ring.organizationId);
  const next = rows.find(({ state }) => state === 'next');
  if (next === undefined) throw new TypeError('there is no next signing key');
  if (isRingFull(rows.map(toRingKey), ring.timing)) {
    throw fail('ERR_SIGNING_KEYS_FULL', `More than ${ring.timing.maxPublished} signing keys are published; no other is made now.`);
  }
  const now = await databaseNow(ring.tx);
  const earliest = new Date(earliestTakeover(toRingKey(next), ring.timing));
  if (earliest > now && !isForced) return request(ring, next, now, earliest);
  const promoted = await promoteNext(ring, earliest > now ? 'now' : 'request');
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
