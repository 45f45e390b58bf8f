// The verbs of the port on a Docker engine: turns, cancellation and coded errors around what the other files do.
import type { ApplyEvent, DestroyEvent, Failure, Provisioner, WorkloadSpec, WorkloadStatus } from '@runlayer/provisioner';
import { createTurns, eventStream, isAbort, type Turns, unsupportedParts, watchStream } from '@runlayer/provisioner/driver';
import { hasCode } from '@runlayer/errors';
import { applyOnDocker } from './apply.ts';
import { readDeploymentLog } from './deployment-logs.ts';
import { destroyOnDocker } from './destroy.ts';
import { reaching } from './engine-error.ts';
import { engineFacts, type EngineFacts } from './engine-facts.ts';
import { createNetwork, type Network } from './network.ts';
import { type DockerProvisionerOptions, type Settings, settingsFrom } from './options.ts';
import { featuresOf, planOnDocker, statusOnDocker } from './status.ts';
import { watchOnDocker } from './watch.ts';

interface Parts {
  readonly settings: Settings;
  readonly network: Network;
  readonly turns: Turns;
  readonly facts: () => Promise<EngineFacts>;
}

/**
 * A provisioner on a Docker engine. It keeps no state of its own: what it made is found by names and labels,
 * so a new one goes on where an old one was killed.
 *
 * Every verb throws `ERR_DOCKER_UNREACHABLE` when no engine answers (`status` says `unknown` instead, `watch` waits for one),
 * and `ERR_DOCKER_ENGINE` when it answers with an error that no failure describes.
 */
export function createDockerProvisioner(options: DockerProvisionerOptions = {}): Provisioner {
  const settings = settingsFrom(options);
  const { docker } = settings;
  const facts = engineFacts(docker);
  const parts: Parts = { settings, network: createNetwork(settings, facts), turns: createTurns(), facts };
  return {
    target: 'docker',
    features: featuresOf(settings),
    plan: (spec, { signal } = {}) => reaching(docker, async () => planOnDocker(settings, await facts(), spec, live(signal))),
    apply: (spec, { signal } = {}) =>
      eventStream<ApplyEvent>(signal, (emit, stop) => reaching(docker, () => applyInTurn(parts, spec, stop, (event) => emit(event)))),
    status: (deploymentId, { signal } = {}) => statusOrUnknown(settings, deploymentId, live(signal)),
    logs: (deploymentId, logOptions = {}) => codedLog(settings, deploymentId, logOptions),
    watch: ({ signal } = {}) => watchStream(signal, (tell, stop) => watchOnDocker(settings, tell, stop)),
    destroy: (deploymentId, { signal } = {}) =>
      eventStream<DestroyEvent>(signal, (emit, stop) =>
        reaching(docker, () =>
          parts.turns.take(deploymentId, { signal: stop, preempt: true, preemptable: false }, (turn) =>
            destroyOnDocker(settings, parts.network, deploymentId, turn, emit),
          ),
        ),
      ),
  };
}

/** A signal that is there, and has not fired. */
function live(signal: AbortSignal | undefined): AbortSignal {
  signal?.throwIfAborted();
  return signal ?? new AbortController().signal;
}

async function applyInTurn(parts: Parts, spec: WorkloadSpec, stop: AbortSignal, emit: (event: ApplyEvent) => Promise<void>): Promise<void> {
  const unsupported = unsupportedParts(spec, featuresOf(parts.settings), 'docker');
  try {
    await parts.turns.take(spec.deploymentId, { signal: stop }, async (signal) => {
      if (unsupported === undefined) await applyOnDocker({ ...parts, facts: await parts.facts(), signal, emit }, spec);
      else void emit({ type: 'failed', failure: unsupported, stillServing: await servingRelease(parts.settings, spec.deploymentId) });
    });
  } catch (error) {
    if (!isAbort(error, stop)) throw error;
    void emit({ type: 'failed', failure: cancelled, stillServing: await servingRelease(parts.settings, spec.deploymentId) });
  }
}

const cancelled: Failure = {
  code: 'cancelled',
  message: 'The deployment was cancelled before the container served.',
  fix: 'Deploy again; it goes on from what was begun.',
  evidence: {},
};

async function servingRelease(settings: Settings, deploymentId: string): Promise<string | undefined> {
  return (await statusOnDocker(settings, deploymentId, new AbortController().signal)).releaseId;
}

async function statusOrUnknown(settings: Settings, deploymentId: string, signal: AbortSignal): Promise<WorkloadStatus> {
  try {
    return await reaching(settings.docker, () => statusOnDocker(settings, deploymentId, signal));
  } catch (error) {
    if (!hasCode(error, 'ERR_DOCKER_UNREACHABLE')) throw error;
    const failure: Failure = { code: 'engine_error', message: error.message, fix: error.hint ?? 'Start Docker.', evidence: {} };
    return { state: 'unknown', endpoints: [], outputs: {}, failure, observedAt: settings.clock().toISOString() };
  }
}

async function* codedLog(
  settings: Settings,
  ...[deploymentId, options]: Required<Parameters<Provisioner['logs']>>
): ReturnType<typeof readDeploymentLog> {
  const lines = readDeploymentLog(settings, deploymentId, options);
  try {
    for (;;) {
      const next = await reaching(settings.docker, () => lines.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await lines.return();
  }
}
