// The key ring as pure functions: which step is due, given the keys and the time. Where keys are kept is the gateway's business.
import type { KeyRingTiming } from './key-ring-timing.ts';

/**
 * `next`: published, and does not sign yet. `current`: signs. `retired`: signs no more, and is still published. `removed`: published no
 * more. `revoked`: the same, by an operator.
 */
export type RingKeyState = 'next' | 'current' | 'retired' | 'removed' | 'revoked';

/** What the ring needs to know of a key. Times are milliseconds since 1970, all by one clock: that of the store. */
export interface RingKey {
  readonly kid: string;
  readonly state: RingKeyState;
  /** By when every server publishes it: `refreshSeconds` after it was made. */
  readonly publishedAt: number;
  /** When it became current. */
  readonly promotedAt?: number | null | undefined;
  /** When another took its place. */
  readonly retiredAt?: number | null | undefined;
  /** Of `next`: when somebody asked for it to take over as soon as may be. */
  readonly requestedAt?: number | null | undefined;
}

/** Why a key takes over. `first`: nothing signs. */
export type PromotionReason = 'first' | 'schedule' | 'request';

/**
 * `create`: make a key and keep it as `next`. `promote`: make this key `current`, and the one that was it, if any, `retired`; wipe that one's
 * private half. `remove`: take this key out of the published set.
 */
export type KeyRingStep =
  | { readonly do: 'create' }
  | { readonly do: 'promote'; readonly kid: string; readonly reason: PromotionReason }
  | { readonly do: 'remove'; readonly kid: string };

/**
 * The step that is due, or `undefined`. Take steps until there is none; each is safe to take again after a crash. Read the keys, take the
 * step and write it down under one lock, with the time of the store's clock: then any number of servers may do it at any moment.
 *
 * No token is ever checked against a set without its key, for verifiers that keep the set no longer than {@link KeyRingTiming.leadSeconds}
 * allows, as long as servers sign with what they read at most {@link KeyRingTiming.staleSeconds} ago, and publish what they read at most a
 * third of the lead ago, no more than 5 minutes; or {@link KeyRingTiming.staleSeconds} as well, where keys take over at most once an hour.
 * Left out: a key that was revoked, and one that had to take over before its time.
 */
export function keyRingStep(keys: readonly RingKey[], now: number, timing: KeyRingTiming): KeyRingStep | undefined {
  const old = keys.find((key) => (removalTime(key, timing) ?? Infinity) <= now);
  if (old !== undefined) return { do: 'remove', kid: old.kid };
  const next = keys.find(({ state }) => state === 'next');
  if (next === undefined) return { do: 'create' };
  if (!keys.some(({ state }) => state === 'current')) return { do: 'promote', kid: next.kid, reason: 'first' };
  if ((takeoverTime(keys, timing) ?? Infinity) > now || isRingFull(keys, timing)) return undefined;
  return { do: 'promote', kid: next.kid, reason: next.requestedAt === undefined || next.requestedAt === null ? 'schedule' : 'request' };
}

/** When `next` takes over, by request or schedule; `undefined` when neither is there, or no key waits. */
export function takeoverTime(keys: readonly RingKey[], timing: KeyRingTiming): number | undefined {
  const next = keys.find(({ state }) => state === 'next');
  if (next === undefined) return undefined;
  const wanted = next.requestedAt ?? scheduledTime(keys, timing);
  return wanted === undefined ? undefined : Math.max(wanted, earliestTakeover(next, timing));
}

/** When this key may take over at the earliest without a refused token. */
export function earliestTakeover({ publishedAt }: RingKey, { leadSeconds }: KeyRingTiming): number {
  return publishedAt + leadSeconds * 1000;
}

/** When a retired key leaves the published set; `undefined` for others. */
export function removalTime({ state, retiredAt }: RingKey, { keepSeconds }: KeyRingTiming): number | undefined {
  return state === 'retired' ? (retiredAt ?? 0) + keepSeconds * 1000 : undefined;
}

/** The keys to publish: next, current and retired. */
export function publishedKeys<Key extends Pick<RingKey, 'state'>>(keys: readonly Key[]): readonly Key[] {
  return keys.filter(({ state }) => state === 'next' || state === 'current' || state === 'retired');
}

/** Whether so many keys are published that none may take over now. */
export function isRingFull(keys: readonly RingKey[], { maxPublished }: KeyRingTiming): boolean {
  return publishedKeys(keys).length > maxPublished;
}

function scheduledTime(keys: readonly RingKey[], { rotateEverySeconds }: KeyRingTiming): number | undefined {
  const current = keys.find(({ state }) => state === 'current');
  if (current === undefined || rotateEverySeconds === 0) return undefined;
  return (current.promotedAt ?? current.publishedAt) + rotateEverySeconds * 1000;
}

/** The ring after a step, for stores that keep it whole. `kid`: the name of the key that was made, for `create`. */
export function ringAfter(keys: readonly RingKey[], step: KeyRingStep, now: number, timing: KeyRingTiming, kid = ''): readonly RingKey[] {
  switch (step.do) {
    case 'create':
      return [...keys, { kid, state: 'next', publishedAt: now + timing.refreshSeconds * 1000 }];
    case 'promote':
      return keys.map((key) => {
        if (key.kid === step.kid) return { ...key, state: 'current', promotedAt: now };
        return key.state === 'current' ? { ...key, state: 'retired', retiredAt: now } : key;
      });
    case 'remove':
      return keys.map((key) => (key.kid === step.kid ? { ...key, state: 'removed' } : key));
  }
}
