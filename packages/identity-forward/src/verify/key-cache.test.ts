import { describe, expect, it } from 'vitest';
import { IdentityError } from '../identity-error.ts';
import { forgersKey, platformKey } from '../test-vectors/craft.ts';
import { cooldownMs, createKeyCache, freshMs, staleMs } from './key-cache.ts';
import { readKeySet } from './key-set.ts';

const known = platformKey.jwk.kid;
const next = forgersKey.jwk.kid;
const oldSet = await readKeySet({ keys: [platformKey.jwk] });
const newSet = await readKeySet({ keys: [platformKey.jwk, forgersKey.jwk] });

/** A cache over an address that can be switched off, with a clock that only the test moves. */
function setUp(): {
  find: (kid: string) => Promise<string>;
  pass: (milliseconds: number) => void;
  address: { up: boolean; set: typeof oldSet; asked: number };
} {
  let time = 1_000_000;
  const address = { up: true, set: oldSet, asked: 0 };
  const find = createKeyCache({
    clock: () => time,
    load: async () => {
      address.asked += 1;
      if (!address.up) throw new IdentityError('ERR_IDENTITY_KEYS_UNAVAILABLE', 'down');
      return address.set;
    },
  });
  const outcome = (kid: string): Promise<string> =>
    find(kid).then(
      () => 'found',
      (error: IdentityError) => error.code,
    );
  return {
    find: outcome,
    pass: (milliseconds) => {
      time += milliseconds;
    },
    address,
  };
}

describe('while the address answers', () => {
  it('asks once for any number of callers, and again after ten minutes', async () => {
    const { find, pass, address } = setUp();
    expect(await Promise.all(Array.from({ length: 50 }, () => find(known)))).toEqual(Array(50).fill('found'));
    pass(freshMs - 1);
    await find(known);
    expect(address.asked).toBe(1);
    pass(1);
    await Promise.all([find(known), find(known)]);
    expect(address.asked).toBe(2);
  });

  it('finds a key that was published after the last fetch, once the cool-down is over [ID-4]', async () => {
    const { find, pass, address } = setUp();
    await find(known);
    address.set = newSet;
    expect(await find(next)).toBe('ERR_IDENTITY_TOKEN_KEY');
    pass(cooldownMs);
    expect(await find(next)).toBe('found');
    expect(address.asked).toBe(2);
  });

  it('asks at most once per cool-down, however many unknown ids come', async () => {
    const { find, pass, address } = setUp();
    await find(known);
    for (let second = 0; second < 120; second += 1) {
      pass(1000);
      await Promise.all([find(next), find(next)]);
    }
    expect(address.asked).toBe(1 + 4);
  });

  it('forgets a key that is no longer published, at the next fetch', async () => {
    const { find, pass, address } = setUp();
    address.set = newSet;
    expect(await find(next)).toBe('found');
    address.set = oldSet;
    pass(freshMs);
    expect(await find(next)).toBe('ERR_IDENTITY_TOKEN_KEY');
  });

  it('does not freeze when the clock is set back', async () => {
    const { find, pass, address } = setUp();
    await find(known);
    pass(-staleMs);
    expect(await find(known)).toBe('found');
    expect(address.asked).toBe(2);
  });
});

describe('while the address is down', () => {
  it('serves the last set up to an hour, and then says that it has none', async () => {
    const { find, pass, address } = setUp();
    await find(known);
    address.up = false;
    for (let minute = 0; minute < 59; minute += 1) {
      pass(60_000);
      expect(await find(known)).toBe('found');
    }
    pass(60_000);
    expect(await find(known)).toBe('ERR_IDENTITY_KEYS_UNAVAILABLE');
    address.up = true;
    pass(cooldownMs);
    expect(await find(known)).toBe('found');
  });

  it('asks after pauses of 1, 2, 4 … and at most 30 seconds, not for each token', async () => {
    const { find, pass, address } = setUp();
    address.up = false;
    const askedAt: number[] = [];
    for (let second = 0; second < 100; second += 1) {
      const before = address.asked;
      expect(await find(known)).toBe('ERR_IDENTITY_KEYS_UNAVAILABLE');
      if (address.asked > before) askedAt.push(second);
      pass(1000);
    }
    expect(askedAt).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
  });

  it('still refuses an id that the last set does not know', async () => {
    const { find, pass, address } = setUp();
    await find(known);
    address.up = false;
    pass(freshMs);
    expect(await find(next)).toBe('ERR_IDENTITY_TOKEN_KEY');
  });

  it('lets nobody wait for a hanging address whom the last set can serve', async () => {
    let time = 0;
    const answers: (() => void)[] = [];
    let hanging = false;
    const find = createKeyCache({
      clock: () => time,
      load: async () => {
        if (hanging) await new Promise<void>((_, reject) => answers.push(() => reject(new Error('late'))));
        return oldSet;
      },
    });
    await find(known);
    hanging = true;
    time += freshMs;
    const first = find(known);
    await Promise.resolve();
    answers.shift()?.();
    await first;
    time += cooldownMs;
    await find(known);
    expect(answers.length).toBe(1);
  });
});
