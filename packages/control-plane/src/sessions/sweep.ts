// Removes sessions that have had their time, now and then, while the platform runs.
import type { Context } from '../context.ts';
import type { Sessions } from './sessions.ts';

/** Removes while it is started. */
export interface SessionSweep {
  start(): void;
  /** Waits for what runs. */
  stop(): Promise<void>;
}

const everyMs = 10 * 60_000;

/** A sweep over these sessions. */
export function createSessionSweep({ logger }: Pick<Context, 'logger'>, sessions: Pick<Sessions, 'expire'>): SessionSweep {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function sweep(): Promise<void> {
    try {
      await sessions.expire();
    } catch {
      logger.warn('Removing old sessions failed; trying again later.');
    } finally {
      running = undefined;
    }
  }
  function begin(): void {
    running ??= sweep();
  }
  return {
    start() {
      timer ??= setInterval(begin, everyMs).unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await running;
    },
  };
}
