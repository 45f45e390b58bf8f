// One answer for many.
import { expect, it } from 'vitest';
import { shared } from './shared.ts';

function counted(answers: (() => Promise<number>)[]): { ask: () => Promise<number>; count: () => number } {
  let asked = 0;
  return { ask: () => answers[asked++]!(), count: () => asked };
}

it('asks once for all who ask meanwhile, and again when the answer is no longer good', async () => {
  let now = 0;
  const { ask, count } = counted([async () => 1, async () => 2]);
  const get = shared(
    ask,
    () => 100,
    () => now,
  );
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  now = 99;
  expect(await get()).toBe(1);
  expect(count()).toBe(1);
  now = 100;
  expect(await get()).toBe(2);
});

it('does not keep a failure', async () => {
  const { ask } = counted([() => Promise.reject(new Error('away')), async () => 2]);
  const get = shared(
    ask,
    () => 100,
    () => 0,
  );
  await expect(get()).rejects.toThrow('away');
  expect(await get()).toBe(2);
});
