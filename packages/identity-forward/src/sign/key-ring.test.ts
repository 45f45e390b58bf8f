import { describe, expect, it } from 'vitest';
import type { RingKey } from './key-ring.ts';
import { isRingFull, keyRingStep, publishedKeys, removalTime, ringAfter, takeoverTime } from './key-ring.ts';
import { defaultKeyRingTiming, keyRingTiming, keySetMaxAge } from './key-ring-timing.ts';

const timing = defaultKeyRingTiming;
const start = Date.UTC(2030, 0, 1);
const at = (seconds: number): number => start + seconds * 1000;
const day = 24 * 3600;

/** Takes every step that is due; new keys are named k1, k2, … */
function settled(keys: readonly RingKey[], now: number): readonly RingKey[] {
  for (let ring = keys; ;) {
    const step = keyRingStep(ring, now, timing);
    if (step === undefined) return ring;
    ring = ringAfter(ring, step, now, timing, `k${ring.length + 1}`);
  }
}
const states = (keys: readonly RingKey[]): string => keys.map(({ kid, state }) => `${kid} ${state}`).join(', ');
const asked = (keys: readonly RingKey[], requestedAt: number): readonly RingKey[] =>
  keys.map((key) => (key.state === 'next' ? { ...key, requestedAt } : key));
const fresh = settled([], at(0));

describe('a key ring', () => {
  it('begins with a key that signs at once and one that waits [ID-4]', () => {
    expect(states(fresh)).toBe('k1 current, k2 next');
    expect(keyRingStep(fresh, at(0), timing)).toBeUndefined();
  });

  it('gives a waiting key to a ring of before that had only one [ID-4]', () => {
    expect(keyRingStep([{ kid: 'k1', state: 'current', publishedAt: at(0) }], at(5), timing)).toEqual({ do: 'create' });
  });

  it.each([
    ['a second before 30 days', 30 * day - 1, 'k1 current, k2 next'],
    ['after 30 days', 30 * day, 'k1 retired, k2 current, k3 next'],
  ])('rotates by itself after 30 days: %s [ID-4]', (_name, seconds, expected) => {
    expect(states(settled(fresh, at(seconds)))).toBe(expected);
  });

  it.each([
    ['at once when the waiting key was published for 15 minutes', 902, 'k1 retired, k2 current, k3 next'],
    ['not before', 901, 'k1 current, k2 next'],
  ])('rotates when asked, %s [ID-4]', (_name, seconds, expected) => {
    expect(states(settled(asked(fresh, at(10)), at(seconds)))).toBe(expected);
  });

  it('says when the next key takes over', () => {
    expect(takeoverTime(fresh, timing)).toBe(at(30 * day));
    expect(takeoverTime(asked(fresh, at(10)), timing)).toBe(at(902));
    expect(takeoverTime(asked(fresh, at(5000)), timing)).toBe(at(5000));
    expect(takeoverTime(fresh, keyRingTiming({ rotateEverySeconds: 0 }))).toBeUndefined();
    expect(takeoverTime([], timing)).toBeUndefined();
  });

  it('keeps a retired key published for an hour, and then removes it [ID-4]', () => {
    const rotated = settled(fresh, at(30 * day));
    const [retired] = rotated;
    expect(retired === undefined ? 0 : removalTime(retired, timing)).toBe(at(30 * day + 3600));
    expect(publishedKeys(settled(rotated, at(30 * day + 3599)))).toHaveLength(3);
    expect(states(settled(rotated, at(30 * day + 3600)))).toBe('k1 removed, k2 current, k3 next');
  });

  it('lets the waiting key sign at once when none does', () => {
    const headless = fresh.filter(({ state }) => state !== 'current');
    expect(keyRingStep(headless, at(1), timing)).toEqual({ do: 'promote', kid: 'k2', reason: 'first' });
  });

  it('does not rotate while more than 48 keys are published, and goes on after', () => {
    const retired = Array.from({ length: 47 }, (_, n): RingKey => ({ kid: `r${n}`, state: 'retired', publishedAt: 0, retiredAt: at(n) }));
    const full = [...retired, ...asked(fresh, at(0))];
    expect(isRingFull(full, timing)).toBe(true);
    expect(keyRingStep(full, at(2000), timing)).toBeUndefined();
    expect(keyRingStep(full, at(3600), timing)).toEqual({ do: 'remove', kid: 'r0' });
    expect(keyRingStep(full.slice(1), at(3599), timing)).toMatchObject({ do: 'promote', reason: 'request' });
  });

  it('publishes neither removed nor revoked keys', () => {
    const keys = (['next', 'current', 'retired', 'removed', 'revoked'] as const).map((state) => ({ state }));
    expect(publishedKeys(keys).map(({ state }) => state)).toEqual(['next', 'current', 'retired']);
  });
});

describe('the times of a key ring', () => {
  it.each([
    ['the default', {}, 0, 300],
    ['a ring read a moment ago', {}, 2, 300],
    ['a ring read a minute ago', {}, 62, 240],
    ['a ring read long ago', {}, 2000, 1],
    ['a ring that was never read', {}, Infinity, 1],
    ['a long lead', { leadSeconds: 7200 }, 0, 300],
    ['a short lead', { leadSeconds: 10 }, 0, 3],
    ['the shortest lead', { leadSeconds: 1 }, 0, 1],
  ])('tell caches how long to keep the set: %s', (_name, changes, lag, seconds) => {
    expect(keySetMaxAge(keyRingTiming(changes), lag)).toBe(seconds);
  });

  it.each([
    { leadSeconds: 0 },
    { leadSeconds: NaN },
    { rotateEverySeconds: -1 },
    { keepSeconds: 3029 },
    { staleSeconds: 3300 },
    { maxPublished: 64 },
  ])('are refused when tokens would lose their key, or out of bounds: %j', (changes) => {
    expect(() => keyRingTiming(changes)).toThrow(RangeError);
  });
});
