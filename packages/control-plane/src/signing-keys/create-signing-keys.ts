// The verbs of signing keys over the database, and the watch that keeps them up to date.
import { setTimeout as pause } from 'node:timers/promises';
import type { Principal, OperatorPrincipal } from '../principal.ts';
import { actorOf } from '../principal.ts';
import { requireRight } from '../permissions.ts';
import { fail } from '../error-codes.ts';
import { toKeyView } from './key-view.ts';
import type { LockedRing } from './locked-ring.ts';
import { withLockedRing } from './locked-ring.ts';
import { revokeInRing } from './revoke.ts';
import type { RingContext } from './ring-context.ts';
import { createRingMemory } from './ring-memory.ts';
import { readAll } from './ring-rows.ts';
import { rotateRing, rotateRingNow } from './rotate.ts';
import type { Rotation, SigningKeys, SigningKeyView } from './signing-keys.ts';
import type { RingWatch } from './watch-ring.ts';
import { createRingWatch } from './watch-ring.ts';

/** Keys, and what keeps them up to date. */
export interface WatchedSigningKeys {
  readonly keys: SigningKeys;
  readonly watch: RingWatch;
}

/** Reads the ring, makes the keys that are missing, and opens the current one. Throws `ERR_SEAL_KEY_WRONG` when it cannot. */
export async function createSigningKeys(context: RingContext, pollMs = 1_000): Promise<WatchedSigningKeys> {
  const memory = createRingMemory(context);
  const watch = createRingWatch(context, memory, pollMs);
  await watch.look();
  const fault = memory.fault();
  if (fault !== undefined) throw fault;

  async function changed<Result>(asker: Asker, work: (ring: LockedRing) => Promise<Result>): Promise<Result> {
    if (asker.organizationId !== context.organizationId) throw fail('ERR_SIGNING_KEY_NOT_FOUND', 'These keys are of another organization.');
    const result = await withLockedRing(context, actorOf(asker), work);
    // The change is made, whether it can be read at once or a second later.
    await watch.look().catch(() => context.logger.warn('The changed signing keys could not be read at once.'));
    return result;
  }
  async function rotateNow(asker: Asker): Promise<Rotation> {
    for (let waitedFor: string | undefined; ;) {
      const result = await changed(asker, (ring) => rotateRingNow(ring, waitedFor));
      if ('done' in result) return result;
      waitedFor = result.kid;
      await pause(result.inMs);
    }
  }
  async function views(): Promise<readonly SigningKeyView[]> {
    const rows = await context.database.query((db) => readAll(db, context.organizationId));
    return rows.map((row) => toKeyView(row, rows, context.timing));
  }
  const keys: SigningKeys = {
    current: () => memory.current(),
    published: () => memory.published(),
    get maxAgeSeconds() {
      return memory.maxAgeSeconds();
    },
    async list(asker) {
      requireRight(asker, 'signing_keys.read', 'Reading the signing keys');
      return asker.organizationId === context.organizationId ? views() : [];
    },
    async rotate(asker, { now = false } = {}) {
      requireRight(asker, 'signing_keys.write', 'Rotating the signing keys');
      return now ? rotateNow(asker) : changed(asker, rotateRing);
    },
    async revoke(asker, kid) {
      requireRight(asker, 'signing_keys.write', 'Revoking a signing key');
      await changed(asker, (ring) => revokeInRing(ring, kid));
      const view = (await views()).find((key) => key.kid === kid);
      if (view === undefined) throw fail('ERR_SIGNING_KEY_NOT_FOUND', 'There is no signing key of this kid.');
      return view;
    },
  };
  return { keys, watch };
}

type Asker = Principal | OperatorPrincipal;
