// Keeps what a server knows of the ring up to date: one cheap statement a second, and a transaction when a step is due.
import { isRunlayerError } from '@runlayer/errors';
import { keyRingStep } from '@runlayer/identity-forward/sign';
import { fail } from '../error-codes.ts';
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
  /** Waits for the look that runs, as long as looks are waited for. */
  stop(): Promise<void>;
}

/**
 * How long a look may take before another is begun beside it, ms. One that hangs, on a connection that is dead and was never closed, must
 * not keep this server from seeing a revocation on another.
 */
const defaultPatienceMs = 10_000;

/** A watch that fills the memory. */
export function createRingWatch(context: RingContext, memory: RingMemory, pollMs: number, patienceMs = defaultPatienceMs): RingWatch {
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
    const error = await inTime(look(false), patienceMs).then(
      () => memory.fault(),
      (thrown: unknown) => thrown,
    );
    // Told when it begins and when it ends, not each second; a database that goes away is unreachable in changing words.
    const now = error === undefined ? undefined : isRunlayerError(error) ? error.code : messageOf(error);
    if (now === trouble) return;
    trouble = now;
    if (now === undefined) logger.info('The signing keys can be read again.');
    else logger.error('The signing keys cannot be read; trying again each second.', { error: messageOf(error) });
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

/** Rejects when the look takes too long; the look itself goes on, and what it finds still counts. */
async function inTime(look: Promise<void>, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const tell = (): void => reject(fail('ERR_DATABASE_UNREACHABLE', `The database did not answer within ${patienceMs / 1000} s.`));
    timer = setTimeout(tell, patienceMs).unref();
  });
  await Promise.race([look, late]).finally(() => clearTimeout(timer));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
