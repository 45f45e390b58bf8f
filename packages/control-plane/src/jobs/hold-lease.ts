// Keeps a lease alive while its work runs, and stops the work when the lease is gone.
import type { Context } from '../context.ts';
import type { Connection } from '../database/database.ts';
import type { Job } from './lease.ts';
import { fenced, renewLease } from './lease.ts';

/** Why work stops before its end. */
export type Interruption = 'stopping' | 'replaced' | 'lost';

/** A lease in hand. */
export interface HeldLease {
  readonly job: Job;
  /** Aborted when the work must stop. */
  readonly signal: AbortSignal;
  /** Set once the signal is aborted. */
  readonly interruption: () => Interruption | undefined;
  /** Writes that only the holder may do. */
  readonly fenced: <Result>(work: (tx: Connection) => Promise<Result>) => Promise<Result>;
  /** Asks now whether the work was replaced. */
  readonly check: () => Promise<void>;
  readonly interrupt: (why: Interruption) => void;
  /** Ends the heartbeat. */
  readonly close: () => void;
}

/** Starts the heartbeat: three in the time of a lease, so that one may fail. */
export function holdLease({ database }: Pick<Context, 'database'>, job: Job, leaseMs: number): HeldLease {
  const controller = new AbortController();
  let why: Interruption | undefined;
  let heldUntil = performance.now() + leaseMs;
  const interrupt = (reason: Interruption) => {
    if (why !== undefined) return;
    why = reason;
    controller.abort(new Error(`the work was interrupted: ${reason}`));
  };
  const check = async () => {
    const asked = performance.now();
    try {
      const state = await renewLease(database, job, leaseMs);
      if (state === 'held') heldUntil = asked + leaseMs;
      else interrupt(state);
    } catch {
      // Not renewed, and perhaps claimed by another worker by now.
      if (performance.now() > heldUntil - leaseMs / 3) interrupt('lost');
    }
  };
  const timer = setInterval(() => void check(), leaseMs / 3);
  timer.unref();
  return {
    job,
    signal: controller.signal,
    interruption: () => why,
    fenced: (work) => fenced(database, job, work),
    check,
    interrupt,
    close: () => clearInterval(timer),
  };
}
