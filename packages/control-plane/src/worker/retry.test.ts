import { expect, it, vi } from 'vitest';
import { OutOfRetries, pause, withRetries } from './retry.ts';

const options = (signal: AbortSignal = new AbortController().signal) => ({ delaysMs: [1, 1], signal, onRetry: vi.fn(async () => {}) });

it('repeats until it works', async () => {
  const work = vi.fn().mockRejectedValueOnce(new Error('no')).mockResolvedValueOnce('yes');
  const given = options();
  expect(await withRetries(work, given)).toBe('yes');
  expect(given.onRetry).toHaveBeenCalledTimes(1);
});

it('gives up after the last delay, with the cause', async () => {
  const cause = new Error('no');
  const work = vi.fn().mockRejectedValue(cause);
  await expect(withRetries(work, options())).rejects.toEqual(new OutOfRetries('the target could not be reached', { cause }));
  expect(work).toHaveBeenCalledTimes(3);
});

it('throws what no repetition can mend', async () => {
  const work = vi.fn().mockRejectedValue(new TypeError('bug'));
  await expect(withRetries(work, { ...options(), isFinal: (error) => error instanceof TypeError })).rejects.toThrow('bug');
  expect(work).toHaveBeenCalledTimes(1);
});

it('stops at once when it is interrupted', async () => {
  const controller = new AbortController();
  const waiting = pause(60_000, controller.signal);
  controller.abort(new Error('stop'));
  await expect(waiting).rejects.toThrow('stop');
  await expect(withRetries(vi.fn(), options(controller.signal))).rejects.toThrow('stop');
});
