// Waits for a condition instead of for a time.
import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is not `undefined`; throws, naming what was awaited, after the deadline (default 60 s). */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined> | T | undefined, milliseconds = 60_000): Promise<T> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${milliseconds / 1000} s`);
    await delay(50);
  }
}
