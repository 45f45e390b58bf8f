// The settings of the worker with their defaults.
import type { WorkerOptions } from '../options.ts';

/** Every setting. */
export type WorkerSettings = Required<{ readonly [Name in keyof WorkerOptions]: NonNullable<WorkerOptions[Name]> }>;

/** Targets stop the former instance two minutes after they have told of its successor, whatever is still going on. */
const longestDrainMs = 100_000;

/** Fills in what is left out. */
export function workerSettings(options: WorkerOptions = {}): WorkerSettings {
  return {
    leaseMs: options.leaseMs ?? 20_000,
    pollMs: options.pollMs ?? 1_000,
    concurrency: options.concurrency ?? 4,
    retryDelaysMs: options.retryDelaysMs ?? [1_000, 4_000, 10_000],
    maxAttempts: options.maxAttempts ?? 5,
    drainMs: Math.min(options.drainMs ?? 10_000, longestDrainMs),
    stopGraceMs: options.stopGraceMs ?? 10_000,
    releaseTimeoutMs: options.releaseTimeoutMs ?? 3_600_000,
  };
}
