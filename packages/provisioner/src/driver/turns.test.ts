import { describe, expect, it } from 'vitest';
import { abortable, createTurns, isAbort } from './turns.ts';

/** A gate that work can wait at. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('turns', () => {
  it('are taken one after the other on one deployment, in order', async () => {
    const turns = createTurns();
    const seen: string[] = [];
    const first = gate();
    const work = ['a', 'b', 'c'].map((name) =>
      turns.take('one', {}, async () => {
        seen.push(`${name} begins`);
        if (name === 'a') await first.opened;
        seen.push(`${name} ends`);
      }),
    );
    first.open();
    await Promise.all(work);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('on different deployments run side by side', async () => {
    const turns = createTurns();
    const met = gate();
    await Promise.all([turns.take('one', {}, () => met.opened), turns.take('two', {}, async () => met.open())]);
  });

  it('go on after work that threw', async () => {
    const turns = createTurns();
    const failed = turns.take('one', {}, async () => {
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await turns.take('one', {}, async () => 'yes')).toBe('yes');
  });

  it('preempted, abort the work that runs and the work that waits, but not other work that preempts', async () => {
    const turns = createTurns();
    const running = turns.take('one', {}, (signal) => abortable(new Promise(() => {}), signal));
    const waiting = turns.take('one', {}, async () => 'never');
    const destroy = { preempt: true, preemptable: false };
    const both = [turns.take('one', destroy, async () => 1), turns.take('one', destroy, async () => 2)];
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(await Promise.all(both)).toEqual([1, 2]);
  });

  it('left while waiting do not let anyone pass the one that runs', async () => {
    const turns = createTurns();
    const seen: string[] = [];
    const first = gate();
    const running = turns.take('one', {}, async () => {
      await first.opened;
      seen.push('first');
    });
    const stop = new AbortController();
    const leaving = turns.take('one', { signal: stop.signal }, async () => void seen.push('left'));
    const last = turns.take('one', {}, async () => void seen.push('last'));
    stop.abort(new Error('enough'));
    await expect(leaving).rejects.toThrow('enough');
    first.open();
    await Promise.all([running, last]);
    expect(seen).toEqual(['first', 'last']);
  });
});

it('an abort is told from a failure', () => {
  expect(isAbort(new Error('x'), AbortSignal.abort())).toBe(true);
  expect(isAbort(new DOMException('x', 'AbortError'), new AbortController().signal)).toBe(true);
  expect(isAbort(new Error('x'), new AbortController().signal)).toBe(false);
});
