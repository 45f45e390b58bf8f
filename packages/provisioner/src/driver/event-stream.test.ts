import { expect, it } from 'vitest';
import { eventStream } from './event-stream.ts';
import { pause } from './pause.ts';

it('begins at the first read and gives every event in order', async () => {
  let begun = false;
  const stream = eventStream<number>(undefined, async (emit) => {
    begun = true;
    void emit(1);
    await pause(1);
    void emit(2);
    void emit(3);
  });
  expect(begun).toBe(false);
  const seen: number[] = [];
  for await (const event of stream) seen.push(event);
  expect(seen).toEqual([1, 2, 3]);
});

it('goes on while nobody reads', async () => {
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const stream = eventStream<number>(undefined, async (emit) => {
    for (let count = 0; count < 10; count += 1) void emit(count);
    finish();
  });
  await stream.next();
  await finished;
  await stream.return();
});

it('tells the work when an event was taken', async () => {
  const seen: string[] = [];
  const stream = eventStream<string>(undefined, async (emit) => {
    await emit('one');
    seen.push('one was taken');
    void emit('two');
  });
  for await (const event of stream) seen.push(event);
  expect(seen).toEqual(['one', 'one was taken', 'two']);
});

it('gives the reader what the work throws, after the events before it', async () => {
  const seen: number[] = [];
  const reading = (async () => {
    const stream = eventStream<number>(undefined, async (emit) => {
      void emit(1);
      throw new Error('broken');
    });
    for await (const event of stream) seen.push(event);
  })();
  await expect(reading).rejects.toThrow('broken');
  expect(seen).toEqual([1]);
});

it('aborts the work of a reader that leaves, and waits for its end', async () => {
  let ended = false;
  const stream = eventStream<number>(undefined, async (emit, signal) => {
    void emit(1);
    await pause(60_000, signal).catch(() => {});
    await pause(1);
    ended = true;
  });
  for await (const _event of stream) break;
  expect(ended).toBe(true);
});

it('passes on the abort of the caller', async () => {
  const stop = new AbortController();
  const seen: string[] = [];
  const stream = eventStream<string>(stop.signal, async (emit, signal) => {
    void emit('begun');
    await pause(60_000, signal).catch((error: Error) => void emit(error.message));
  });
  for await (const event of stream) {
    seen.push(event);
    stop.abort(new Error('stopped'));
  }
  expect(seen).toEqual(['begun', 'stopped']);
});
