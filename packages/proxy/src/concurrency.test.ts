import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConcurrency } from './concurrency.ts';

describe('createConcurrency', () => {
  it('bounds what one caller runs on one route, and nobody else', () => {
    const calls = createConcurrency({ perCallerAndRoute: 2, total: 0 });
    expect([calls.enter('ada', 'a'), calls.enter('ada', 'a'), calls.enter('ada', 'a')]).toEqual([undefined, undefined, 'caller']);
    expect([calls.enter('ada', 'b'), calls.enter('bob', 'a')]).toEqual([undefined, undefined]);
    calls.leave('ada', 'a');
    expect([calls.enter('ada', 'a'), calls.enter('ada', 'a')]).toEqual([undefined, 'caller']);
    expect(calls).toMatchObject({ running: 4, refused: 2 });
  });

  it('bounds what the process runs', () => {
    const calls = createConcurrency({ perCallerAndRoute: 0, total: 2 });
    expect([calls.enter('ada', 'a'), calls.enter('bob', 'b'), calls.enter('cyd', 'c')]).toEqual([undefined, undefined, 'total']);
    calls.leave('bob', 'b');
    expect(calls.enter('cyd', 'c')).toBeUndefined();
  });

  it('sets no bound where it is 0: 5,000 streams of one person are none too many', () => {
    const calls = createConcurrency({ perCallerAndRoute: 0, total: 0 });
    for (let count = 0; count < 5_000; count += 1) expect(calls.enter('ada', 'a')).toBeUndefined();
    expect(calls.running).toBe(5_000);
  });

  it('takes no notice of a call that it never let in', () => {
    const calls = createConcurrency({ perCallerAndRoute: 1, total: 1 });
    calls.leave('ada', 'a');
    expect(calls.enter('ada', 'a')).toBeUndefined();
    calls.leave('bob', 'a');
    expect(calls.running).toBe(1);
  });

  it('always counts right, whoever comes and goes', () => {
    const step = fc.tuple(fc.boolean(), fc.constantFrom('ada', 'bob'), fc.constantFrom('a', 'b'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const calls = createConcurrency({ perCallerAndRoute: 3, total: 8 });
        const model = new Map<string, number>();
        for (const [enters, caller, route] of steps) {
          const key = `${caller} ${route}`;
          const count = model.get(key) ?? 0;
          if (!enters && count > 0) {
            calls.leave(caller, route);
            model.set(key, count - 1);
          } else if (enters) {
            const total = [...model.values()].reduce((sum, one) => sum + one, 0);
            const expected = total >= 8 ? 'total' : count >= 3 ? 'caller' : undefined;
            expect(calls.enter(caller, route)).toBe(expected);
            if (expected === undefined) model.set(key, count + 1);
          }
          expect(calls.running).toBe([...model.values()].reduce((sum, one) => sum + one, 0));
        }
      }),
    );
  });
});
