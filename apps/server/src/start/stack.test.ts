// Undoing in the reverse order, whatever fails.
import { expect, it } from 'vitest';
import { createStack } from './stack.ts';

it('undoes newest first, all of it, once, and tells the first failure', async () => {
  const done: number[] = [];
  const stack = createStack();
  for (const step of [1, 2, 3]) {
    stack.push(async () => {
      done.push(step);
      if (step === 2) throw new Error('two');
    });
  }
  await expect(stack.unwind()).rejects.toThrow('two');
  await stack.unwind();
  expect(done).toEqual([3, 2, 1]);
});
