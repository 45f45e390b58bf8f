// Waiting for something, but not for ever.
import { pause } from './pause.ts';

/** Resolves when the promise does, or after so many milliseconds. Rejects with the signal's reason as soon as it fires. */
export async function within(promise: Promise<unknown>, milliseconds: number, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  // Aborted in the end either way, so that no timer keeps the process up.
  const timeout = pause(milliseconds, AbortSignal.any([signal, stop.signal]));
  try {
    await Promise.race([promise, timeout]);
  } finally {
    stop.abort();
    await timeout.catch(() => {});
  }
}
