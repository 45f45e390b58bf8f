import { describe, expect, it } from 'vitest';
import { cooldownMs, createRefetchCredit, generationSize } from './refetch-credit.ts';

const named = (sub: string, organization_id = 'o'): { organization_id: string; sub: string } => ({ organization_id, sub });
const ann = named('ann');
const bob = named('bob');

describe('a fetch for an unknown key id', () => {
  it('is one per cool-down for all strangers together [ID-4]', () => {
    const credit = createRefetchCredit();
    expect(credit.take(ann, 0)).toBeDefined();
    for (let caller = 0; caller < 100; caller += 1) expect(credit.take(named(`${caller}`), cooldownMs - 1)).toBeUndefined();
    expect(credit.take(bob, cooldownMs)).toBeDefined();
  });

  it('is one of their own for each whose token was right', () => {
    const credit = createRefetchCredit();
    credit.verified(ann);
    credit.verified(bob);
    credit.take(named('a stranger'), 0);
    expect(credit.take(ann, 0)).toBeDefined();
    expect(credit.take(ann, cooldownMs - 1)).toBeUndefined();
    expect(credit.take(bob, 0)).toBeDefined();
    expect(credit.take(ann, cooldownMs)).toBeDefined();
  });

  it('is not that of who has the same id in another organization', () => {
    const credit = createRefetchCredit();
    credit.verified(ann);
    credit.take(named('a stranger'), 0);
    expect(credit.take(named('ann', 'other'), 0)).toBeUndefined();
  });

  it('comes back at once where it is given back', () => {
    const credit = createRefetchCredit();
    credit.take(ann, 0)?.();
    expect(credit.take(ann, 0)).toBeDefined();
  });

  it('comes back too when the clock is set back', () => {
    const credit = createRefetchCredit();
    credit.take(ann, 1_000_000);
    expect(credit.take(ann, 0)).toBeDefined();
  });

  it('stays spent when the caller is verified again, also in the next generation', () => {
    const credit = createRefetchCredit();
    credit.verified(ann);
    credit.take(ann, 0);
    for (let caller = 0; caller < generationSize; caller += 1) credit.verified(named(`${caller}`));
    credit.verified(ann);
    expect(credit.take(ann, 1)).toBeUndefined();
  });

  it('is remembered for the last thousand callers, and for two thousand at most', () => {
    const credit = createRefetchCredit();
    const verifyMany = (count: number, prefix: string): void => {
      for (let caller = 0; caller < count; caller += 1) credit.verified(named(`${prefix}${caller}`));
    };
    credit.take(named('a stranger'), 0);
    credit.verified(ann);
    verifyMany(generationSize, 'a');
    expect(credit.take(ann, 0)).toBeDefined();
    credit.verified(bob);
    verifyMany(2 * generationSize, 'b');
    expect(credit.take(bob, 0)).toBeUndefined();
  });
});
