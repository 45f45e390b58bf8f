// Turns what a target announces into the events of `watch`: bounded, however much happens while nobody reads.
import type { WatchEvent } from '../provisioner.ts';

/** Deployments remembered for a reader that lags; beyond them it is told to look at everything. */
const mostPending = 1000;

/**
 * Runs `listen` beside its reader, until the signal fires or the reader leaves. What is told again before it was read is told once.
 * Listening begins at the first read. What `listen` throws before an abort, the reader gets.
 *
 * @param listen Announces changes with `tell` and ends when its signal fires.
 */
export async function* watchStream(
  signal: AbortSignal | undefined,
  listen: (tell: (event: WatchEvent) => void, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<WatchEvent, void, undefined> {
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const pending = createPending();
  const done = listen(pending.add, both).finally(pending.end);
  // The reader gets the rejection below; until then it must not count as unhandled.
  done.catch(() => {});
  both.addEventListener('abort', pending.end, { once: true });
  try {
    for (;;) {
      const event = await pending.next();
      if (both.aborted) return;
      if (event === undefined) return await done;
      yield event;
    }
  } finally {
    stop.abort();
    await done.catch(() => {});
  }
}

interface Pending {
  readonly add: (event: WatchEvent) => void;
  readonly end: () => void;
  /** The oldest event that was not read, or `undefined` after the end. */
  next(): Promise<WatchEvent | undefined>;
}

function createPending(): Pending {
  const moved = new Set<string>();
  const state = { unknown: false, ended: false, wake: (): void => {} };
  return {
    add(event) {
      if (event.type === 'unknown' || moved.size >= mostPending) {
        state.unknown = true;
        // Everything includes each of them.
        moved.clear();
      } else moved.add(event.deploymentId);
      state.wake();
    },
    end() {
      state.ended = true;
      state.wake();
    },
    async next() {
      while (!state.unknown && moved.size === 0 && !state.ended) {
        await new Promise<void>((resolve) => {
          state.wake = resolve;
        });
      }
      if (state.unknown) {
        state.unknown = false;
        return { type: 'unknown' };
      }
      const [deploymentId] = moved;
      if (deploymentId === undefined) return undefined;
      moved.delete(deploymentId);
      return { type: 'moved', deploymentId };
    },
  };
}
