import { describe, expect, it } from 'vitest';
import { ada } from '../test/rig.ts';
import { createCallerCache } from './caller-cache.ts';
import type { CallerCache } from './caller-cache.ts';

const caller = { organizationId: ada.organizationId, subject: ada, mayCall: true };

/** A cache of two entries for one second, over keys that begin with `good`. */
function rig(answer: (key: string) => ReturnType<CallerCache['find']> = (key) => (key.startsWith('good') ? caller : undefined)) {
  const asked: string[] = [];
  const time = { now: 0 };
  const cache = createCallerCache((key) => (asked.push(key), answer(key)), { ttlMs: 1_000, entries: 2, now: () => time.now });
  return { asked, time, cache };
}

describe('createCallerCache', () => {
  it('remembers good and bad credentials for the time given', () => {
    const { asked, time, cache } = rig();
    for (time.now of [0, 500, 999]) expect([cache.find('good'), cache.find('bad')]).toEqual([caller, undefined]);
    expect(asked).toEqual(['good', 'bad']);
    time.now = 1_000;
    void cache.find('good');
    expect(asked).toEqual(['good', 'bad', 'good']);
  });

  it('forgets the one it asked for longest ago when it is full', () => {
    const { asked, cache } = rig();
    for (const key of ['good1', 'good2', 'good1', 'good3', 'good2', 'good1']) void cache.find(key);
    expect(asked).toEqual(['good1', 'good2', 'good3', 'good1']);
  });

  it('shares one question among calls that come together', async () => {
    let settle: ((value: typeof caller) => void) | undefined;
    const { asked, cache } = rig(() => new Promise((resolve) => (settle = resolve)));
    const answers = [cache.find('good'), cache.find('good')];
    settle?.(caller);
    for (const answer of answers) await expect(answer).resolves.toBe(caller);
    expect(asked).toEqual(['good']);
    expect(cache.find('good')).toBe(caller);
  });

  it('does not remember an answer that was on its way when it was told to forget', async () => {
    let settle: ((value: typeof caller) => void) | undefined;
    const { asked, cache } = rig(() => new Promise((resolve) => (settle = resolve)));
    const early = cache.find('good');
    cache.invalidate('good');
    settle?.(caller);
    await early;
    void cache.find('good');
    expect(asked).toEqual(['good', 'good']);
  });

  it('does not remember a failure', async () => {
    let fails = true;
    const { cache } = rig(() => (fails ? Promise.reject(new Error('down')) : Promise.resolve(caller)));
    await expect(cache.find('good')).rejects.toThrow('down');
    fails = false;
    await expect(cache.find('good')).resolves.toBe(caller);
  });
});
