// Waiting that an abort ends at once.
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so many milliseconds. Rejects with the signal's own reason as soon as it fires. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
