// Deadlines: told once they have passed, looked at only while there is one.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines } from './deadlines.ts';
import type { Watched } from './deadlines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch(deadlines: Deadlines<Watched>): Watched & { expired: number } {
  const watched = {
    deadline: Infinity,
    expired: 0,
    expire() {
      watched.expired += 1;
      watched.deadline = Infinity;
    },
  };
  deadlines.watched.add(watched);
  return watched;
}

describe('a deadline', () => {
  it('is told once, at the first look after it', () => {
    const deadlines = new Deadlines<Watched>(100);
    const one = watch(deadlines);
    const other = watch(deadlines);
    deadlines.set(one, 250);
    deadlines.set(other, 1_000);
    vi.advanceTimersByTime(200);
    expect(one.expired).toBe(0);
    vi.advanceTimersByTime(100);
    expect([one.expired, other.expired]).toEqual([1, 0]);
    vi.advanceTimersByTime(2_000);
    expect([one.expired, other.expired]).toEqual([1, 1]);
  });

  it('of 0 is none', () => {
    const deadlines = new Deadlines<Watched>(100);
    const one = watch(deadlines);
    deadlines.set(one, 0);
    expect([one.deadline, vi.getTimerCount()]).toEqual([Infinity, 0]);
  });

  it('that is over stops the looking, and another begins it again', () => {
    const deadlines = new Deadlines<Watched>(100);
    const one = watch(deadlines);
    deadlines.set(one, 50);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(100);
    expect([one.expired, vi.getTimerCount()]).toEqual([1, 0]);
    deadlines.set(one, 50);
    one.deadline = Infinity;
    vi.advanceTimersByTime(100);
    expect([one.expired, vi.getTimerCount()]).toEqual([1, 0]);
  });
});
