// Turns work that reports events into an async iterable whose reader cannot hold the work up.

/** Reports one event. The promise resolves once the reader has asked for what comes after it. */
export type Emit<Event> = (event: Event) => Promise<void>;

interface Entry<Event> {
  readonly event: Event;
  readonly taken: () => void;
}

/**
 * Runs `work` beside its reader. A generator would stand still at a `yield` nobody reads, holding its lock; this goes on.
 * Work begins at the first read. A reader that leaves early aborts it and waits for it to end. What work throws, the reader gets.
 *
 * @param signal Aborts the work; how the work answers is its own decision.
 */
export async function* eventStream<Event>(
  signal: AbortSignal | undefined,
  work: (emit: Emit<Event>, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<Event, void, undefined> {
  const stop = new AbortController();
  const queue: Entry<Event>[] = [];
  const state = { ended: false, wake: (): void => {} };
  const emit: Emit<Event> = (event) =>
    new Promise((taken) => {
      queue.push({ event, taken });
      state.wake();
    });
  const done = work(emit, signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])).finally(() => {
    state.ended = true;
    state.wake();
  });
  // The reader gets the rejection below; until then it must not count as unhandled.
  done.catch(() => {});
  try {
    while (queue.length > 0 || !state.ended) {
      const next = queue.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          state.wake = resolve;
        });
        continue;
      }
      yield next.event;
      next.taken();
    }
    await done;
  } finally {
    stop.abort();
    await done.catch(() => {});
  }
}
