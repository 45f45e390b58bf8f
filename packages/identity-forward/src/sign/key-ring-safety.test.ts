// No token is checked against a set without its key: random schedules, servers and caches, in a world with one clock.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenLifetimeSeconds } from '../claims.ts';
import type { RingKey } from './key-ring.ts';
import { keyRingStep, publishedKeys, ringAfter } from './key-ring.ts';
import type { KeyRingTiming } from './key-ring-timing.ts';
import { defaultKeyRingTiming, keyRingTiming, keySetMaxAge, leewaySeconds } from './key-ring-timing.ts';

/** Something that happens so many seconds after what was before: a server looks at the ring, or somebody asks for a rotation first. */
interface Happening {
  readonly after: number;
  readonly isRequest: boolean;
}

/** The ring at every moment, seconds since its beginning. */
type History = readonly { readonly at: number; readonly keys: readonly RingKey[] }[];

function historyOf(happenings: readonly Happening[], timing: KeyRingTiming): History {
  const history: { at: number; keys: readonly RingKey[] }[] = [];
  let keys: readonly RingKey[] = [];
  let at = 0;
  for (const { after, isRequest } of [{ after: 0, isRequest: false }, ...happenings]) {
    at += after;
    const now = at * 1000;
    if (isRequest) keys = keys.map((key) => (key.state === 'next' ? { ...key, requestedAt: key.requestedAt ?? now } : key));
    for (let step; (step = keyRingStep(keys, now, timing)) !== undefined;)
      keys = ringAfter(keys, step, now, timing, `at ${at} ${keys.length}`);
    history.push({ at, keys });
  }
  return history;
}

function ringAt(history: History, at: number): readonly RingKey[] {
  const seen = history.findLast((moment) => moment.at <= Math.max(0, at));
  return seen?.keys ?? [];
}

/** One token and the check of it: shares from 0 to 1 of what each delay may be at most. */
interface Check {
  /** Near which happening the token is signed, and how many seconds before or after it. */
  readonly near: number;
  readonly off: number;
  /** How long ago the signing server read the ring. */
  readonly signerLag: number;
  /** How long after it was signed the token is checked. */
  readonly delay: number;
  /** How long ago the publishing server had read the ring when the set left it. */
  readonly publisherLag: number;
  /** How old the set was when the verifier got it from a cache on the way, and how long the verifier has had it since. */
  readonly onTheWay: number;
  readonly kept: number;
}

interface World {
  readonly timing: KeyRingTiming;
  readonly happenings: readonly Happening[];
  readonly checks: readonly Check[];
  /** How long ago a publishing server may have read the ring, s. */
  readonly publisherLag: number;
}

/** The first check that the rules for `world` allow and that finds no key. */
function refusedToken({ timing, happenings, checks, publisherLag }: World, promised: KeyRingTiming = timing): Check | undefined {
  const history = historyOf(happenings, timing);
  return checks.find((check) => {
    const signedAt = Math.max(0, (history[check.near % history.length]?.at ?? 0) + check.off);
    const key = ringAt(history, signedAt - check.signerLag * promised.staleSeconds).find(({ state }) => state === 'current');
    const checkedAt = signedAt + check.delay * (tokenLifetimeSeconds + leewaySeconds);
    const lag = check.publisherLag * publisherLag;
    const keep = promised.leadSeconds - keySetMaxAge(promised);
    const leftAt = checkedAt - check.onTheWay * keySetMaxAge(promised, lag) - check.kept * keep;
    return !publishedKeys(ringAt(history, leftAt - lag)).some(({ kid }) => kid === key?.kid);
  });
}

const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const check: fc.Arbitrary<Check> = fc.record({
  near: fc.nat(60),
  off: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -4000, max: 4000 })),
  signerLag: share,
  delay: share,
  publisherLag: share,
  onTheWay: share,
  kept: share,
});
const happening = (mayAsk: boolean): fc.Arbitrary<Happening> =>
  fc.record({
    after: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 6000 })),
    isRequest: mayAsk ? fc.boolean() : fc.constant(false),
  });
const anyTiming = fc
  .record({
    leadSeconds: fc.oneof(fc.constant(900), fc.integer({ min: 3, max: 7200 })),
    rotateEverySeconds: fc.oneof(fc.constantFrom(0, 1, 3600), fc.integer({ min: 0, max: 10_000 })),
    refreshSeconds: fc.integer({ min: 0, max: 60 }),
  })
  .map(keyRingTiming);
const world = (timing: fc.Arbitrary<KeyRingTiming>, mayAsk: boolean, lagOf: (timing: KeyRingTiming) => number): fc.Arbitrary<World> =>
  fc
    .record({
      timing,
      happenings: fc.array(happening(mayAsk), { minLength: 5, maxLength: 60 }),
      checks: fc.array(check, { minLength: 100, maxLength: 100 }),
    })
    .map((made) => ({ ...made, publisherLag: lagOf(made.timing) }));
const numRuns = 1500;

/** How long ago a server may have read the ring and still publish what it read, whatever the others did since. */
const safeLag = (timing: KeyRingTiming): number => keySetMaxAge(timing) + timing.refreshSeconds - 1;

describe('no living token is checked against a set without its key', () => {
  it('with any schedule and requests, signers up to 45 minutes behind, publishers up to 5 [ID-4]', () => {
    fc.assert(
      fc.property(world(anyTiming, true, safeLag), (made) => {
        expect(refusedToken(made)).toBeUndefined();
      }),
      { numRuns },
    );
  });

  it('with publishers up to 45 minutes behind, where keys take over at most once an hour [ID-4]', () => {
    const hourly = anyTiming.map(({ leadSeconds, refreshSeconds }) =>
      keyRingTiming({ leadSeconds: Math.min(leadSeconds, 900), refreshSeconds, rotateEverySeconds: 3600 }),
    );
    fc.assert(
      fc.property(
        world(hourly, false, ({ staleSeconds }) => staleSeconds),
        (made) => {
          expect(refusedToken(made)).toBeUndefined();
        },
      ),
      { numRuns },
    );
  });

  it.each<[string, Partial<KeyRingTiming>]>([
    ['a lead', { leadSeconds: 840 }],
    ['a time of keeping', { staleSeconds: 1, keepSeconds: 2900 }],
  ])('and %s that is a little too short is found out', (_name, changes) => {
    const short = fc.constant({ ...keyRingTiming({ rotateEverySeconds: 0 }), ...changes });
    const property = fc.property(
      world(short, true, () => 0),
      (made) => refusedToken(made, defaultKeyRingTiming) === undefined,
    );
    expect(fc.check(property, { numRuns: 10_000, endOnFailure: true, seed: 7 }).failed).toBe(true);
  });
});
