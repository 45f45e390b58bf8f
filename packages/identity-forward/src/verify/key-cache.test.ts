import { describe, expect, it } from 'vitest';
import { IdentityError } from '../identity-error.ts';
import { generateSigningKey, publicJwks } from '../sign/index.ts';
import { forgersKey, platformKey } from '../test-vectors/craft.ts';
import { createKeyCache } from './key-cache.ts';
import type { KeySource } from './key-cache.ts';
import { readKeySet } from './key-set.ts';
import { cooldownMs } from './refetch-credit.ts';
import { longestPauseMs } from './spaced-loader.ts';
import { readyWebKey } from './web-signature.ts';

const third = generateSigningKey();
const known = platformKey.jwk.kid;
const next = forgersKey.jwk.kid;
const oldSet = await readKeySet({ keys: [platformKey.jwk] }, readyWebKey);
const newest = third.kid;
const newSet = await readKeySet({ keys: [platformKey.jwk, forgersKey.jwk] }, readyWebKey);
const newerSet = await readKeySet({ keys: [platformKey.jwk, ...publicJwks([third]).keys, forgersKey.jwk] }, readyWebKey);
const named = (sub: string): { organization_id: string; sub: string } => ({ organization_id: 'o', sub });
const freshMs = 300_000;
const staleMs = 3_600_000;

interface Stage {
  /** `found`, or the code of the refusal. */
  find: (kid: string, sub?: string) => Promise<string>;
  verified: KeySource['verified'];
  pass: (milliseconds: number) => void;
  /** What `find` waits for its turn moves this clock too. */
  now: () => number;
  address: { up: boolean; set: typeof oldSet; freshSeconds: number; asked: number[]; hold: Promise<void> | undefined };
}

/** A cache over an address that can be switched off or held, with a clock that only the test moves. */
function setUp(options: { staleMs?: number; patienceMs?: number } = {}): Stage {
  let time = 1_000_000;
  const address: Stage['address'] = { up: true, set: oldSet, freshSeconds: freshMs / 1000, asked: [], hold: undefined };
  const cache = createKeyCache({
    staleMs: options.staleMs ?? staleMs,
    patienceMs: options.patienceMs,
    clock: () => time,
    wait: async (milliseconds) => {
      expect(milliseconds).toBeLessThanOrEqual(1000);
      time += milliseconds;
    },
    load: async () => {
      address.asked.push(time);
      await address.hold;
      if (!address.up) throw new IdentityError('ERR_IDENTITY_KEYS_UNAVAILABLE', 'down');
      return { keys: address.set, freshSeconds: address.freshSeconds };
    },
  });
  return {
    find: async (kid, sub = 'a stranger') => {
      try {
        expect(await cache.find(kid, named(sub))).toBeTypeOf('function');
        return 'found';
      } catch (error) {
        return (error as IdentityError).code;
      }
    },
    verified: cache.verified,
    pass: (milliseconds) => {
      time += milliseconds;
    },
    now: () => time,
    address,
  };
}

const refused = 'ERR_IDENTITY_TOKEN_KEY';
const unavailable = 'ERR_IDENTITY_KEYS_UNAVAILABLE';

describe('while the address answers', () => {
  it('asks once for any number of callers', async () => {
    const { find, address } = setUp();
    expect(await Promise.all(Array.from({ length: 50 }, () => find(known)))).toEqual(Array(50).fill('found'));
    expect(address.asked.length).toBe(1);
  });

  it('asks again a minute before the time that the answer allows is over, and lets nobody wait [ID-4]', async () => {
    const { find, pass, address } = setUp();
    await find(known);
    pass(freshMs - 60_001);
    await find(known);
    expect(address.asked.length).toBe(1);
    pass(1);
    address.hold = new Promise(() => undefined);
    expect(await Promise.all([find(known), find(known)])).toEqual(['found', 'found']);
    expect(address.asked.length).toBe(2);
  });

  it.each([1, 10, 600])('takes an answer as current for the %i s that it says, and no longer [ID-4]', async (freshSeconds) => {
    const { find, pass, address } = setUp();
    Object.assign(address, { freshSeconds, set: newSet });
    await find(known);
    address.set = oldSet;
    pass(freshSeconds * 1000);
    expect(await find(next)).toBe(refused);
    expect(address.asked.length).toBe(2);
  });

  it('asks no oftener than once a second', async () => {
    const { find, pass, address } = setUp();
    address.freshSeconds = 1;
    for (let tick = 0; tick < 100; tick += 1) {
      expect(await find(known)).toBe('found');
      pass(100);
    }
    expect(address.asked.length).toBe(10);
  });

  it('does not freeze when the clock is set back', async () => {
    const { find, pass, address } = setUp();
    await find(known);
    pass(-staleMs);
    expect(await find(known)).toBe('found');
    expect(address.asked.length).toBe(2);
  });
});

describe('an id that the set does not know', () => {
  it('is looked for anew as soon as a second has passed since the last fetch [ID-4]', async () => {
    const { find, address, now } = setUp();
    await find(known);
    address.set = newSet;
    const before = now();
    expect(await find(next)).toBe('found');
    expect(now() - before).toBe(1000);
  });

  it('is refused at once when the set was fetched for it', async () => {
    const { find, pass, address } = setUp();
    expect(await find(next)).toBe(refused);
    expect(address.asked.length).toBe(1);
    pass(freshMs);
    expect(await find(next)).toBe(refused);
    expect(address.asked.length).toBe(2);
  });

  it('makes strangers ask at most once per cool-down, however many come', async () => {
    const { find, pass, address } = setUp();
    await find(known);
    pass(1000);
    for (let second = 0; second < 120; second += 1) {
      expect(await Promise.all([find(next, `${second}`), find(next, `x${second}`)])).toEqual([refused, refused]);
      pass(1000);
    }
    expect(address.asked.length).toBe(1 + 120_000 / cooldownMs);
  });

  it('is found for a caller who was verified before, though strangers have spent what is theirs [ID-4]', async () => {
    const { find, pass, address, verified } = setUp();
    await find(known);
    verified(named('ann'));
    pass(1000);
    expect(await find('junk')).toBe(refused);
    address.set = newSet;
    expect(await find(next, 'a second stranger')).toBe(refused);
    expect(await find(next, 'ann')).toBe('found');
  });

  it('costs no more than a fetch a second, even when a thousand verified callers invent one each [ID-4]', async () => {
    const { find, pass, address, verified } = setUp();
    await find(known);
    for (let caller = 0; caller < 1000; caller += 1) verified(named(`${caller}`));
    pass(1000);
    for (let caller = 0; caller < 1000; caller += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => find('junk', `${caller + index}`)));
    }
    const pauses = address.asked.slice(1).map((at, index) => at - (address.asked[index] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1000);
    expect(address.asked.length).toBeLessThanOrEqual(1 + 2 * 10);
  });

  it('that is found gives the credit back, so that the next one is looked for too [ID-4]', async () => {
    const { find, address } = setUp();
    await find(known);
    address.set = newSet;
    expect(await find(next)).toBe('found');
    address.set = newerSet;
    expect(await find(newest)).toBe('found');
    expect(await find('junk')).toBe(refused);
    address.set = newSet;
    expect(await find('junk')).toBe(refused);
    expect(address.asked.length).toBe(4);
  });

  it('is found for all strangers who come in the same moment, with one fetch [ID-4]', async () => {
    const { find, pass, address } = setUp();
    await find(known);
    pass(1000);
    address.set = newSet;
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => find(next, `stranger ${index}`)));
    expect(new Set(answers)).toEqual(new Set(['found']));
    expect(address.asked).toHaveLength(2);
  });

  it('is found for all calls of a subject that come while the fetch of the first waits its turn [ID-4]', async () => {
    const { find, pass, address, verified } = setUp();
    await find(known);
    verified(named('ann'));
    pass(1000);
    expect(await find('junk', 'stranger')).toBe(refused);
    address.set = newSet;
    expect(await Promise.all([find(next, 'ann'), find(next, 'ann'), find(next, 'another stranger')])).toEqual(['found', 'found', 'found']);
    expect(address.asked).toHaveLength(3);
  });

  it('is found by all who wait for the same fetch', async () => {
    const { find, pass, address, verified } = setUp();
    await find(known);
    for (const sub of ['ann', 'bob', 'cid']) verified(named(sub));
    pass(1000);
    address.set = newSet;
    expect(await Promise.all(['ann', 'bob', 'cid'].map((sub) => find(next, sub)))).toEqual(['found', 'found', 'found']);
    expect(address.asked.length).toBe(2);
  });

  it('spends nothing while the address is down, and is found as soon as it is up and the pause is over', async () => {
    const { find, pass, address } = setUp();
    await find(known);
    pass(1000);
    address.up = false;
    // Nobody can tell whether it is published: no reason to refuse its token for good.
    for (let call = 0; call < 20; call += 1) expect(await find(next)).toBe(unavailable);
    expect(address.asked.length).toBe(2);
    Object.assign(address, { up: true, set: newSet });
    pass(1000);
    expect(await find(next)).toBe('found');
  });

  it('makes nobody ask oftener than the pauses allow while the address is down', async () => {
    const { find, pass, address, verified } = setUp();
    await find(known);
    for (let caller = 0; caller < 900; caller += 1) verified(named(`${caller}`));
    pass(1000);
    address.up = false;
    const start = address.asked.length;
    const from = 1_001_000;
    for (let tick = 0; tick < 900; tick += 1) {
      await find('junk', `${tick}`);
      pass(100);
    }
    expect(address.asked.slice(start).map((at) => (at - from) / 1000)).toEqual([0, 1, 3, 7, 15, 31, 61]);
  });
});

describe('a key that is no longer published', () => {
  it('is forgotten at the next fetch', async () => {
    const { find, pass, address } = setUp();
    address.set = newSet;
    expect(await find(next)).toBe('found');
    address.set = oldSet;
    pass(freshMs);
    expect(await find(next)).toBe(refused);
  });
});

describe('while the address is down', () => {
  it.each([
    ['an hour', 3_600_000],
    ['ten minutes', 600_000],
    ['a day', 86_400_000],
  ])('serves the last set for %s to the millisecond, and then says that it has none [ID-4]', async (_name, limit) => {
    const { find, pass, address } = setUp({ staleMs: limit });
    await find(known);
    address.up = false;
    const steps = 50;
    for (let step = 1; step < steps; step += 1) {
      pass(Math.floor(limit / steps));
      expect(await find(known)).toBe('found');
    }
    pass(limit - (steps - 1) * Math.floor(limit / steps) - 1);
    expect(await find(known)).toBe('found');
    pass(1);
    expect(await find(known)).toBe(unavailable);
    address.up = true;
    pass(longestPauseMs);
    expect(await find(known)).toBe('found');
  });

  it('serves a set for as long as its answer allows when no staleness is wanted', async () => {
    const { find, pass, address } = setUp({ staleMs: 0 });
    await find(known);
    address.up = false;
    pass(freshMs - 1);
    expect(await find(known)).toBe('found');
    pass(1);
    expect(await find(known)).toBe(unavailable);
  });

  it('does not serve beyond the limit a caller who came before it and waited past it', async () => {
    const { find, pass, address } = setUp({ patienceMs: 1_000_000 });
    await find(known);
    pass(freshMs);
    let release = (): void => undefined;
    address.hold = new Promise((resolve) => {
      release = resolve;
    });
    address.up = false;
    const waiting = find(known);
    pass(staleMs);
    release();
    expect(await waiting).toBe(unavailable);
  });

  it('asks after pauses of 1, 2, 4 … and at most 30 seconds, not for each token', async () => {
    const { find, pass, address } = setUp();
    address.up = false;
    for (let second = 0; second < 100; second += 1) {
      expect(await find(known)).toBe(unavailable);
      pass(1000);
    }
    expect(address.asked.map((at) => (at - 1_000_000) / 1000)).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
  });

  it('lets a caller whom the last set can serve wait for a hanging address once, and not long', async () => {
    const { find, pass, address } = setUp({ patienceMs: 5 });
    await find(known);
    address.hold = new Promise(() => undefined);
    pass(freshMs);
    expect(await find(known)).toBe('found');
    expect(await Promise.all(Array.from({ length: 50 }, () => find(known)))).toEqual(Array(50).fill('found'));
    expect(address.asked.length).toBe(2);
  });

  it('says why it has no keys, in an error of its own for each caller', async () => {
    const down = new IdentityError('ERR_IDENTITY_KEYS_UNAVAILABLE', 'The JWKS address answered with status 500.');
    const cache = createKeyCache({ staleMs, clock: () => 0, load: () => Promise.reject(down) });
    const thrown = await Promise.all(
      ['ann', 'bob'].map(async (sub) => {
        try {
          return await cache.find(known, named(sub));
        } catch (error) {
          return error;
        }
      }),
    );
    expect(thrown).toEqual([
      expect.objectContaining({ message: down.message, cause: down }),
      expect.objectContaining({ message: down.message }),
    ]);
    expect(thrown[0]).not.toBe(thrown[1]);
  });
});
