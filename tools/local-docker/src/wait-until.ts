// Waiting for a condition instead of for a time.
import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition, asking every 100 ms; whether it came true in time. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, milliseconds: number, signal?: AbortSignal): Promise<boolean> {
  const until = Date.now() + milliseconds;
  while (Date.now() < until) {
    if (signal?.aborted === true) return false;
    if (await condition()) return true;
    await pause(100);
  }
  return false;
}
