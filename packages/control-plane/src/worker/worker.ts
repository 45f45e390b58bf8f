// Claims work and sees it through; what it leaves, the next one finishes.
import type { Context } from '../context.ts';
import { within } from '../within.ts';
import type { HeldLease } from '../jobs/hold-lease.ts';
import { holdLease } from '../jobs/hold-lease.ts';
import type { Job } from '../jobs/lease.ts';
import { claimJob, freeAllLeases, giveBack, LeaseLost } from '../jobs/lease.ts';
import { runRelease } from './run-release.ts';
import { runRemoval } from './run-removal.ts';
import type { WorkerSettings } from './settings.ts';

/** Runs releases and removals in the background. */
export interface Worker {
  start(): Promise<void>;
  /** Claims nothing more, interrupts what runs, and waits until it has let go. */
  stop(): Promise<void>;
}

/** A worker; `owner` names it in the database. */
export function createWorker(context: Context, settings: WorkerSettings, owner: string): Worker {
  const running = new Map<string, { readonly lease: HeldLease; readonly done: Promise<void> }>();
  let isOpen = false;
  let claiming: Promise<void> | undefined;
  let wokenMeanwhile = false;
  let timer: NodeJS.Timeout | undefined;
  let deafen: (() => void) | undefined;

  const hasRoom = () => isOpen && running.size < settings.concurrency;
  async function claimAll(): Promise<void> {
    while (hasRoom()) {
      const job = await claimJob(context.database, owner, context.newId(), settings.leaseMs);
      if (job === undefined) return;
      begin(job);
    }
  }
  function begin(job: Job): void {
    const lease = holdLease(context, job, settings.leaseMs);
    const done = see(context, lease, settings).finally(() => {
      lease.close();
      running.delete(job.deploymentId);
      wake();
    });
    running.set(job.deploymentId, { lease, done });
    if (!isOpen) lease.interrupt('stopping');
  }
  function wake(): void {
    if (!isOpen) return;
    wokenMeanwhile = true;
    claiming ??= keepClaiming().finally(() => {
      claiming = undefined;
    });
  }
  async function keepClaiming(): Promise<void> {
    while (wokenMeanwhile) {
      wokenMeanwhile = false;
      await claimAll().catch((error: unknown) => context.logger.warn('Looking for work failed; trying again.', { error: nameOf(error) }));
    }
  }
  return {
    async start() {
      if (isOpen) return;
      // Only this process has the embedded database: whoever held a lease is dead.
      if (context.database.kind === 'pglite') await freeAllLeases(context.database);
      isOpen = true;
      deafen = context.signals.hear('jobs', ({ deploymentId }) => {
        void running.get(deploymentId)?.lease.check();
        wake();
      });
      timer = setInterval(wake, settings.pollMs);
      wake();
    },
    async stop() {
      isOpen = false;
      clearInterval(timer);
      deafen?.();
      for (const { lease } of running.values()) lease.interrupt('stopping');
      await claiming;
      await within(settings.stopGraceMs, Promise.all([...running.values()].map(({ done }) => done)));
      for (const { lease } of running.values()) lease.close();
    },
  };
}

/** Runs the work; never throws. What did not end is given back. */
async function see(context: Context, lease: HeldLease, settings: WorkerSettings): Promise<void> {
  const { job } = lease;
  try {
    await (job.kind === 'release' ? runRelease(context, lease, settings) : runRemoval(context, lease, settings));
  } catch (error) {
    const why = lease.interruption() ?? (error instanceof LeaseLost ? 'replaced' : undefined);
    if (why === undefined)
      context.logger.error('Work failed; trying again.', { deployment: job.deploymentId, kind: job.kind, error: nameOf(error) });
    const delayMs = why === undefined ? (settings.retryDelaysMs.at(-1) ?? 1000) : 0;
    if (why !== 'lost') await giveBack(context.database, job, { delayMs, counts: why === undefined }).catch(() => {});
  }
}

/** Codes and names only: a message may quote what a container said. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}
