// The story of one release: open it, deliver it, end it truthfully.
import { isRunlayerError } from '@runlayer/errors';
import type { Failure } from '@runlayer/provisioner';
import type { Context } from '../context.ts';
import { StatementError } from '../database/database-fault.ts';
import type { HeldLease } from '../jobs/hold-lease.ts';
import { LeaseLost } from '../jobs/lease.ts';
import { deliver } from './deliver.ts';
import type { Outcome } from './deliver.ts';
import { failRelease, succeed } from './end-release.ts';
import { plainFailure } from './failures.ts';
import type { RunningRelease } from './open-release.ts';
import { loadRelease, openRelease } from './open-release.ts';
import type { ReleaseLogWriter } from './release-log-writer.ts';
import { createReleaseLogWriter } from './release-log-writer.ts';
import { OutOfRetries, withRetries } from './retry.ts';
import type { WorkerSettings } from './settings.ts';

/** Runs until the release has ended. Throws when interrupted; running it again goes on. */
export async function runRelease(context: Context, lease: HeldLease, settings: WorkerSettings): Promise<void> {
  const loaded = await loadRelease(context, lease);
  // Before its values are opened: that they cannot be may be what keeps it from ending.
  if (lease.job.attempts > settings.maxAttempts) return giveUp(context, lease, loaded, settings.maxAttempts);
  const release = openRelease(context, loaded);
  const log = createReleaseLogWriter(lease, release.row.id, release.redact);
  await log.write(openingLine(release, lease.job.attempts));
  const outcome = await outcomeOf(context, lease, release, log, settings);
  await log.flush();
  lease.signal.throwIfAborted();
  if (outcome.type === 'serving') await succeed(context, lease, release, outcome);
  else await failRelease(context, lease, release, outcome);
}

async function outcomeOf(
  context: Context,
  lease: HeldLease,
  release: RunningRelease,
  log: ReleaseLogWriter,
  settings: WorkerSettings,
): Promise<Outcome> {
  const timeout = AbortSignal.timeout(settings.releaseTimeoutMs);
  const signal = AbortSignal.any([lease.signal, timeout]);
  const onRetry = async (error: unknown, delayMs: number, attempt: number) => {
    const next = `trying again in ${delayMs / 1000} s (${attempt} of ${settings.retryDelaysMs.length})`;
    await log.write(`The target could not be reached: ${messageOf(error)}; ${next}.`);
  };
  try {
    const outcome = await withRetries(() => deliver(context, { ...lease, signal }, release, log, settings), {
      delaysMs: settings.retryDelaysMs,
      signal,
      onRetry,
      isFinal: isOurOwn,
    });
    // A target may answer an abort with a failure of its own, which would hide why.
    return outcome.type === 'failed' && timeout.aborted ? { ...outcome, failure: tooSlow(settings.releaseTimeoutMs) } : outcome;
  } catch (error) {
    lease.signal.throwIfAborted();
    if (timeout.aborted) return failed(tooSlow(settings.releaseTimeoutMs));
    if (error instanceof OutOfRetries) return unreachable(error.cause);
    throw error;
  }
}

function openingLine({ row, deployment }: RunningRelease, attempts: number): string {
  return attempts > 1
    ? `Going on after an interruption (attempt ${attempts}).`
    : `Release ${row.number} of ${deployment.name}, started by ${row.createdBy.name}.`;
}

async function giveUp(
  context: Context,
  lease: HeldLease,
  loaded: Pick<RunningRelease, 'row' | 'deployment'>,
  attempts: number,
): Promise<void> {
  const message = `The platform could not see this release through in ${attempts} attempts, and gave up.`;
  const outcome = failed(plainFailure('engine_error', message, 'Look at the log of the platform for why it stopped, then deploy again.'));
  await failRelease(context, lease, { ...loaded, env: {}, redact: (text) => text }, outcome);
}

/** A fault of the platform or its database, not of the target: the release is left for the next claim. */
function isOurOwn(error: unknown): boolean {
  return (
    error instanceof LeaseLost || error instanceof StatementError || (isRunlayerError(error) && error.code.startsWith('ERR_DATABASE_'))
  );
}

function tooSlow(ms: number): Failure {
  return plainFailure(
    'engine_error',
    `The release did not end within ${ms / 1000} s.`,
    'Deploy again; if it happens again, look at the target.',
  );
}

function unreachable(cause: unknown): Outcome {
  return failed(
    plainFailure(
      'engine_error',
      `The target could not be reached: ${messageOf(cause)}`,
      'Check that the container engine or cloud account of the platform answers, then deploy again.',
    ),
  );
}

function failed(failure: Failure): Extract<Outcome, { type: 'failed' }> {
  return { type: 'failed', failure, touched: false, stillServing: undefined };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown reason';
}
