// What a server knows of the ring, in memory: the key it signs with, the keys it publishes, and how old that knowledge is.
import type { PublicJwk, SigningKey } from '@runlayer/identity-forward';
import type { KeyRingTiming } from '@runlayer/identity-forward/sign';
import { keySetMaxAge, publicJwks } from '@runlayer/identity-forward/sign';
import { fail } from '../error-codes.ts';
import type { Sealer } from '../sealing/sealer.ts';
import type { RingContext } from './ring-context.ts';
import { sealedColumn } from './ring-context.ts';
import type { PublishedRow } from './ring-rows.ts';

/** A moment by two clocks: one never jumps, the other also runs while the machine sleeps. */
export interface Moment {
  readonly steady: number;
  readonly wall: number;
}

/** The ring as last read. */
export interface RingMemory {
  current(): SigningKey;
  published(): readonly PublicJwk[];
  maxAgeSeconds(): number;
  /** The moment before something is read. */
  moment(): Moment;
  /** Takes what was read; `since` is the moment before. Opens the current key when it is another one. */
  take(rows: readonly PublishedRow[], since: Moment): void;
  /** Why the current key cannot be used, if so. */
  fault(): Error | undefined;
}

interface Held {
  readonly key: SigningKey;
  readonly since: Moment;
}

/** An empty memory. */
export function createRingMemory({ sealer, now, timing }: Pick<RingContext, 'sealer' | 'now' | 'timing'>): RingMemory {
  let held: Held | undefined;
  let fault: Error | undefined;
  let set: { readonly keys: readonly PublicJwk[]; readonly name: string; readonly since: Moment } | undefined;

  const moment = (): Moment => ({ steady: performance.now(), wall: now().getTime() });
  const age = ({ steady, wall }: Moment): number => Math.max(performance.now() - steady, now().getTime() - wall);
  const isStale = (since: Moment): boolean => age(since) > timing.staleSeconds * 1000;

  function takeCurrent(rows: readonly PublishedRow[], since: Moment): void {
    // A key that was taken out of the set must sign no more, whatever becomes of its successor.
    if (held !== undefined && !rows.some(({ kid }) => kid === held?.key.kid)) held = undefined;
    const row = rows.find(({ state }) => state === 'current');
    if (row === undefined) return;
    try {
      held = { key: held?.key.kid === row.kid ? held.key : openKey(sealer, row), since };
      fault = undefined;
    } catch (error) {
      fault = error instanceof Error ? error : new Error('unknown');
    }
  }
  return {
    current() {
      if (held === undefined || isStale(held.since)) throw stale(timing, fault);
      return held.key;
    },
    published() {
      if (set === undefined || isStale(set.since)) throw stale(timing, undefined);
      return set.keys;
    },
    maxAgeSeconds: () => keySetMaxAge(timing, set === undefined ? Infinity : age(set.since) / 1000),
    moment,
    take(rows, since) {
      // Looks overlap: one that began earlier may come later.
      if (set !== undefined && since.steady < set.since.steady) return;
      const name = rows.map(({ kid }) => kid).join(' ');
      // The same list for the same keys: whoever made something of it need not make it anew.
      set = { keys: set?.name === name ? set.keys : publicJwks(rows.map(({ publicJwk }) => publicJwk)).keys, name, since };
      takeCurrent(rows, since);
    },
    fault: () => fault,
  };
}

function openKey(sealer: Sealer, { id, kid, sealed }: PublishedRow): SigningKey {
  if (sealed === null) throw fail('ERR_SEAL_BROKEN', `The signing key ${kid} has no private half.`);
  try {
    return JSON.parse(sealer.open(sealed, { row: id, column: sealedColumn })) as SigningKey;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw fail('ERR_SEAL_KEY_WRONG', `This server cannot open the signing key ${kid}, which another server may have made: ${reason}`);
  }
}

function stale({ staleSeconds }: KeyRingTiming, fault: Error | undefined): Error {
  if (fault !== undefined) return fail('ERR_SIGNING_KEYS_STALE', `No identity token can be signed. ${fault.message}`);
  return fail('ERR_SIGNING_KEYS_STALE', `The signing keys could not be read for ${Math.round(staleSeconds / 60)} minutes.`);
}
