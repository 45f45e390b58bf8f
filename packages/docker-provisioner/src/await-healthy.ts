// Waits until a container serves, or until it is certain enough that it will not.
import type { Endpoint, Failure, FailureCode, WorkloadSpec } from '@runlayer/provisioner';
import { abortable, pause } from '@runlayer/provisioner/driver';
import { lastLinesOf } from './container-logs.ts';
import { StartFailed, unless } from './engine-error.ts';
import { lookFor, observe } from './observation.ts';
import type { Settings } from './options.ts';

const shortestPauseMs = 50;
const longestPauseMs = 250;

/** Observations that mean a wrong configuration once they last, however long the container may take to start. */
const settling: ReadonlySet<FailureCode> = new Set(['wrong_port', 'bound_to_loopback', 'mcp_path_missing']);

/**
 * Resolves with the address once the container serves. It ends early on what cannot mend itself (it exited, its health check failed)
 * and on what has not changed for the grace (another port, a missing path), else at the deadline.
 * @throws {StartFailed} With the cause and its evidence.
 */
export async function awaitHealthy(settings: Settings, id: string, spec: WorkloadSpec, signal: AbortSignal): Promise<Endpoint> {
  const { docker } = settings;
  const look = lookFor(docker, spec, signal);
  const deadline = performance.now() + settings.healthTimeoutMs;
  const patience = createPatience(settings.graceMs);
  for (let wait = shortestPauseMs; ; wait = Math.min(wait * 1.5, longestPauseMs)) {
    const info = await abortable(unless([404], docker.getContainer(id).inspect()), signal);
    if (info === undefined) throw new StartFailed(removedFailure);
    const seen = await abortable(observe(look, info, spec), signal);
    if (seen.state === 'serving') return seen.endpoint;
    if (seen.state === 'failing') throw new StartFailed(seen.failure);
    if (performance.now() >= deadline || patience.isOver(seen.failure)) {
      throw new StartFailed(withLines(seen.failure, await lastLinesOf(docker, id, look.redact)));
    }
    await pause(wait, signal);
  }
}

const removedFailure: Failure = {
  code: 'engine_error',
  message: 'The container was removed by somebody else while it started.',
  fix: 'Deploy again, and leave its containers to the platform.',
  evidence: {},
};

function withLines(failure: Failure, lastLines: readonly string[]): Failure {
  return lastLines.length === 0 || failure.evidence.lastLines !== undefined
    ? failure
    : { ...failure, evidence: { ...failure.evidence, lastLines } };
}

/** Over once the same settling failure was seen, without another in between, for so long. */
function createPatience(graceMs: number): { isOver(failure: Failure): boolean } {
  let since = performance.now();
  let last: FailureCode | undefined;
  return {
    isOver({ code }) {
      if (code !== last) since = performance.now();
      last = code;
      return settling.has(code) && performance.now() - since >= graceMs;
    },
  };
}
