import { describe, expect, it } from 'vitest';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

const a = 'http://10.0.0.1:8000';
const b = 'http://10.0.0.2:8000';

/** A breaker and its clock. `fail` fails as often as it takes to open the circuit. */
function rig(instances?: number): { time: { now: number }; breaker: CircuitBreaker; fail: (instance: string, times?: number) => void } {
  const time = { now: 1_000_000 };
  const breaker = createCircuitBreaker({ now: () => time.now, instances });
  const fail = (instance: string, times = 5): void => {
    for (let count = 0; count < times; count += 1) breaker.failed(instance, new Error(`failure ${count + 1}`));
  };
  return { time, breaker, fail };
}

describe('createCircuitBreaker', () => {
  it('lets every call through until five failed in a row', () => {
    const { breaker, fail } = rig();
    fail(a, 4);
    expect(breaker.allows(a)).toBe(true);
    breaker.succeeded(a);
    fail(a, 4);
    expect(breaker.allows(a)).toBe(true);
    fail(a, 1);
    expect(breaker.allows(a)).toBe(false);
  });

  it('opens one instance and leaves the others alone', () => {
    const { breaker, fail } = rig();
    fail(a);
    expect([breaker.allows(a), breaker.allows(b)]).toEqual([false, true]);
  });

  it('says how long to wait, and what failed last', () => {
    const { time, breaker, fail } = rig();
    expect([breaker.retryAfterMs(a), breaker.lastCause(a)]).toEqual([0, undefined]);
    fail(a);
    time.now += 300;
    expect(breaker.retryAfterMs(a)).toBe(700);
    expect(breaker.lastCause(a)).toMatchObject({ message: 'failure 5' });
  });

  it('lets one call through as a trial after a second, and all once it was answered', () => {
    const { time, breaker, fail } = rig();
    fail(a);
    time.now += 1_000;
    expect([breaker.allows(a), breaker.allows(a), breaker.allows(a)]).toEqual([true, false, false]);
    expect(breaker.retryAfterMs(a)).toBe(1_000);
    breaker.succeeded(a);
    expect([breaker.allows(a), breaker.allows(a), breaker.retryAfterMs(a)]).toEqual([true, true, 0]);
  });

  it('doubles the time with each trial that fails, up to half a minute', () => {
    const { time, breaker, fail } = rig();
    fail(a);
    const waits: number[] = [];
    for (let trial = 0; trial < 7; trial += 1) {
      waits.push(breaker.retryAfterMs(a));
      time.now += breaker.retryAfterMs(a);
      expect([breaker.allows(a), breaker.allows(a)]).toEqual([true, false]);
      breaker.failed(a);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('counts calls that were under way when it opened for nothing more', () => {
    const { breaker, fail } = rig();
    fail(a, 100);
    expect(breaker.retryAfterMs(a)).toBe(1_000);
  });

  it('does not wait for ever for a trial: one that connected may think for long, and one may have been given up', () => {
    const { time, breaker, fail } = rig();
    fail(a);
    time.now += 1_000;
    expect(breaker.allows(a)).toBe(true);
    time.now += 5_999;
    expect(breaker.allows(a)).toBe(false);
    time.now += 1;
    expect([breaker.allows(a), breaker.allows(a)]).toEqual([true, true]);
    breaker.failed(a);
    expect([breaker.allows(a), breaker.retryAfterMs(a)]).toEqual([false, 2_000]);
  });

  it('begins anew with a second after a success', () => {
    const { time, breaker, fail } = rig();
    fail(a);
    time.now += 1_000;
    breaker.allows(a);
    breaker.failed(a);
    breaker.succeeded(a);
    fail(a);
    expect(breaker.retryAfterMs(a)).toBe(1_000);
  });

  it('never opens when that is not wanted', () => {
    const breaker = createCircuitBreaker({ now: () => 0, failures: 0 });
    for (let count = 0; count < 100; count += 1) breaker.failed(a);
    expect(breaker.allows(a)).toBe(true);
  });

  it('remembers a bounded number of instances', () => {
    const { breaker, fail } = rig(2);
    fail(a);
    fail(b);
    fail('http://10.0.0.3:8000', 1);
    expect([breaker.allows(a), breaker.allows(b)]).toEqual([true, false]);
  });

  it('counts what is open and what failed', () => {
    const { time, breaker, fail } = rig();
    fail(a);
    fail(b, 2);
    expect(breaker.counts()).toEqual({ open: 1, failures: 7 });
    time.now += 1_000;
    expect(breaker.counts()).toEqual({ open: 0, failures: 7 });
  });
});
