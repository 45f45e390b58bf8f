// Keeps what a server knows of the ring up to date: one cheap statement a second, and a transaction when a step is due.
import { keyRingStep } from '@runlayer/identity-forward/sign';
import { systemActor } from '../principal.ts';
import { takeDueSteps, withFreeRing, withLockedRing } from './locked-ring.ts';
import type { RingContext } from './ring-context.ts';
import type { RingMemory } from './ring-memory.ts';
import { readPublished } from './ring-rows.ts';

/** Looks at the ring. */
export interface RingWatch {
  /** Reads the ring and takes the steps that are due. Rejects when the database does not answer. */
  look(): Promise<void>;
  /** Looks now and then. */
  start(): void;
  /** Waits for the look that runs. */
  stop(): Promise<void>;
}

/** A watch that fills the memory. */
export function createRingWatch(context: RingContext, memory: RingMemory, pollMs: number): RingWatch {
  const { database, organizationId, timing, logger } = context;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let trouble: string | undefined;

  async function read(): Promise<boolean> {
    const since = memory.moment();
    const { rows, now } = await database.query((db) => readPublished(db, organizationId));
    memory.take(rows, since);
    return keyRingStep(rows, now, timing) !== undefined;
  }
  async function look(isPatient = true): Promise<void> {
    if (!(await read())) return;
    await (isPatient ? withLockedRing : withFreeRing)(context, systemActor, takeDueSteps);
    await read();
  }
  async function lookQuietly(): Promise<void> {
    const error = await look(false).then(
      () => memory.fault(),
      (thrown: unknown) => thrown,
    );
    // Told when it begins and when it ends, not each second.
    const now = error === undefined ? undefined : error instanceof Error ? error.message : 'unknown';
    if (now === trouble) return;
    trouble = now;
    if (now === undefined) logger.info('The signing keys can be read again.');
    else logger.error('The signing keys cannot be read; trying again each second.', { error: now });
  }
  function begin(): void {
    running ??= lookQuietly().finally(() => (running = undefined));
  }
  return {
    look: () => look(),
    start: () => void (timer ??= setInterval(begin, pollMs).unref()),
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await running;
    },
  };
}
