// When keys of a ring change, and why at no other time: every number with its source.
import { tokenLifetimeSeconds } from '../claims.ts';

/**
 * Times of a key ring, in seconds. {@link keyRingTiming} fills in what is left out and checks that no living token loses its key.
 *
 * The words: a *server* signs tokens, publishes the key set, or both, from what it last read of the ring; a *verifier* is whoever checks
 * tokens with a key set that it fetched, perhaps through a cache.
 */
export interface KeyRingTiming {
  /**
   * How long a key is published before it signs. Default 900: the 300 s that caches on the way may keep the set ({@link keySetMaxAge}), and
   * the 600 s that a verifier may keep it, as those of this package and its recipes do.
   */
  readonly leadSeconds: number;
  /**
   * How long a key stays published after it last signed. Default 3600: at least {@link KeyRingTiming.staleSeconds}, a token's life of 300 s
   * and a leeway of 30 s, 3030 s in all, and some time to spare.
   */
  readonly keepSeconds: number;
  /** How long a key signs before the next takes over by itself; 0: only when asked. Default 2,592,000: 30 days. */
  readonly rotateEverySeconds: number;
  /** A server that could not read the ring for so long signs no more. Default 2700: 45 minutes without the store of the keys. */
  readonly staleSeconds: number;
  /** How soon a server notices that the ring has changed, while it can read it. A key counts as published so long after it was made. Default 2. */
  readonly refreshSeconds: number;
  /**
   * No key takes over while more than so many are published. Default 48: verifiers of this package take sets of at most 64 keys, and a
   * revocation may always add one.
   */
  readonly maxPublished: number;
}

/** Seconds that a verifier's clock may differ; the most that `/verify` allows. */
export const leewaySeconds = 30;

/** The longest that caches may keep the set, also where the lead is longer, s. */
const longestMaxAge = 300;

/** The times that suit nearly everybody: a new key every 30 days. */
export const defaultKeyRingTiming: KeyRingTiming = {
  leadSeconds: 900,
  keepSeconds: 3600,
  rotateEverySeconds: 30 * 24 * 3600,
  staleSeconds: 2700,
  refreshSeconds: 2,
  maxPublished: 48,
};

/**
 * The default times with some changed. A shorter lead is for tests, and for verifiers that keep the set no longer than two thirds of it.
 *
 * @throws RangeError when a time is out of bounds, or keys would leave the set while tokens of theirs may be alive.
 */
export function keyRingTiming(changes: Partial<KeyRingTiming> = {}): KeyRingTiming {
  const timing = { ...defaultKeyRingTiming, ...changes };
  for (const [name, [least, most]] of Object.entries(bounds)) {
    const value = timing[name as keyof KeyRingTiming];
    if (!(value >= least && value <= most)) throw new RangeError(`${name} is ${value}; it must lie between ${least} and ${most}.`);
  }
  const least = timing.staleSeconds + tokenLifetimeSeconds + leewaySeconds;
  if (timing.keepSeconds < least)
    throw new RangeError(`keepSeconds is ${timing.keepSeconds}; with these times it must be at least ${least}.`);
  return timing;
}

const year = 366 * 24 * 3600;
const bounds: Readonly<Record<keyof KeyRingTiming, readonly [number, number]>> = {
  leadSeconds: [1, 24 * 3600],
  keepSeconds: [tokenLifetimeSeconds + leewaySeconds, year],
  rotateEverySeconds: [0, 10 * year],
  staleSeconds: [1, 24 * 3600],
  refreshSeconds: [0, 60],
  maxPublished: [3, 60],
};

/**
 * Seconds for `Cache-Control: public, max-age=…` of the key set: a third of the lead, at most 300, at least 1. `lagSeconds` tells how long ago
 * the server read the ring: caches then keep the set for as much less, so that they do not spread an old one.
 */
export function keySetMaxAge({ leadSeconds, refreshSeconds }: KeyRingTiming, lagSeconds = 0): number {
  const full = Math.min(longestMaxAge, Math.floor(leadSeconds / 3));
  return Math.max(1, Math.floor(full - Math.max(0, lagSeconds - refreshSeconds)));
}
