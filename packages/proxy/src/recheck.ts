// Looks again at running calls now and then: a stream may outlive the right to it.

/** Repeats a look at all running calls. */
export interface Recheck {
  /** Looks at once. */
  now(): void;
  stop(): void;
}

/** Runs `look` every so many milliseconds, never twice at a time; 0 only when asked. */
export function createRecheck(everyMs: number, look: () => Promise<void>): Recheck {
  let looking = false;
  let wanted = false;
  async function run(): Promise<void> {
    wanted = true;
    if (looking) return;
    looking = true;
    while (wanted) {
      wanted = false;
      await look().catch(ignore);
    }
    looking = false;
  }
  const timer = everyMs === 0 ? undefined : setInterval(() => void run(), everyMs).unref();
  return { now: () => void run(), stop: () => clearInterval(timer) };
}

/** Nothing to tell anybody: the next look is near. */
function ignore(): void {}
