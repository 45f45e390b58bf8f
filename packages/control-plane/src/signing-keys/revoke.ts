// An emergency: a key leaves the published set at once, and another signs in its place.
import { eq } from 'drizzle-orm';
import { fail } from '../error-codes.ts';
import { systemActor } from '../principal.ts';
import { signingKeys } from '../schema/index.ts';
import type { LockedRing } from './locked-ring.ts';
import { audit, createNext, forgetOldest, promoteNext, takeDueSteps } from './locked-ring.ts';
import type { KeyRow } from './ring-rows.ts';
import { databaseNow, readAll } from './ring-rows.ts';

/** Revokes a key of the ring; one that is published no more stays as it is. */
export async function revokeInRing(ring: LockedRing, kid: string): Promise<void> {
  await takeDueSteps({ ...ring, actor: systemActor });
  const row = (await readAll(ring.tx, ring.organizationId)).find((key) => key.kid === kid);
  if (row === undefined) throw fail('ERR_SIGNING_KEY_NOT_FOUND', 'There is no signing key of this kid.');
  if (row.state === 'removed' || row.state === 'revoked') return;
  await markRevoked(ring, row);
  if (row.state === 'current') await promoteNext(ring, 'revocation');
  // Whoever waits for a rotation waits for the key in its place.
  if (row.state === 'next') await createNext(ring, row.requestedAt);
  await takeDueSteps(ring);
  await forgetOldest(ring);
}

async function markRevoked(ring: LockedRing, row: KeyRow): Promise<void> {
  const at = await databaseNow(ring.tx);
  await ring.tx
    .update(signingKeys)
    .set({ state: 'revoked', sealedPrivateJwk: null, removedAt: at, revokedAt: at })
    .where(eq(signingKeys.id, row.id));
  await audit(ring, 'revoked', row, at, { before: { state: row.state }, after: { state: 'revoked' } });
}
