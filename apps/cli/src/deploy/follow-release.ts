// Watches a release: prints its log as it grows, until it ends or the time is over.
import { setTimeout as delay } from 'node:timers/promises';
import type { Schemas } from '@runlayer/api/client';
import { cliError } from '../error-codes.ts';
import { isTransient } from './is-transient.ts';
import type { DeployWorld } from './world.ts';

/** What to follow, and for how long. */
export interface FollowOptions {
  readonly deploymentId: string;
  readonly releaseId: string;
  /** Seconds from now. */
  readonly timeoutSeconds: number;
  /** Milliseconds since some moment. Default: the monotonic clock. */
  readonly now?: (() => number) | undefined;
  /** Waits so many milliseconds. Default: for real. */
  readonly pause?: ((milliseconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
}

type Release = Schemas['Release'];

const everyMs = 1000;
/** A server that restarts is away for seconds: no reason to give up on a release that goes on. */
const patienceMs = 30_000;

/**
 * Polls once a second. A server that does not answer, or answers 5xx or 429, is asked again for 30 s.
 * @returns the release as it ended
 * @throws ERR_CLI_UNFINISHED at the deadline, ERR_CLI_INTERRUPTED on Ctrl-C, else what the server refused with
 */
export async function followRelease(options: FollowOptions, world: DeployWorld): Promise<Release> {
  const { now = () => performance.now(), pause = defaultPause } = options;
  const deadline = now() + options.timeoutSeconds * 1000;
  const reader = createReader(options.releaseId, world);
  let failingSince: number | undefined;
  for (;;) {
    try {
      const release = await reader();
      if (release !== undefined) return release;
      failingSince = undefined;
    } catch (error) {
      if (world.signal?.aborted === true) throw interrupted(options.deploymentId);
      failingSince ??= now();
      if (!isTransient(error) || now() - failingSince > patienceMs) throw error;
    }
    if (now() >= deadline) throw unfinished(options);
    await pause(everyMs, world.signal);
    if (world.signal?.aborted === true) throw interrupted(options.deploymentId);
  }
}

/** One look: new lines are told, the release is returned once it has ended. */
function createReader(releaseId: string, { client, report, signal }: DeployWorld): () => Promise<Release | undefined> {
  let lines = 0;
  let status = '';
  return async () => {
    // The status first: whatever the log holds when it was read belongs to it.
    const release = await client.deployments.release(releaseId, { signal });
    const log = await client.deployments.releaseLogs(releaseId, { after: lines, signal });
    for (const line of log.logs === '' ? [] : log.logs.split('\n')) report.event({ type: 'log', line }, `  ${line}`);
    lines = log.lines;
    if (release.status !== status) report.event({ type: 'status', status: release.status });
    status = release.status;
    return status === 'queued' || status === 'running' ? undefined : release;
  };
}

async function defaultPause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}

function unfinished({ deploymentId, releaseId, timeoutSeconds }: FollowOptions): Error {
  return cliError(
    'ERR_CLI_UNFINISHED',
    `The release ${releaseId} of the deployment ${deploymentId} has not ended after ${timeoutSeconds} s. It goes on.`,
    {
      hint: `Go on watching with \`runlayer deploy watch ${deploymentId}\`.`,
      data: { deployment_id: deploymentId, release_id: releaseId },
    },
  );
}

function interrupted(deploymentId: string): Error {
  return cliError('ERR_CLI_INTERRUPTED', `You stopped watching; the release of ${deploymentId} goes on.`, {
    hint: `Go on watching with \`runlayer deploy watch ${deploymentId}\`.`,
    data: { deployment_id: deploymentId },
  });
}
