// The verbs of the port on AWS: turns, cancellation and coded errors around what the other files do.
import type {
  ApplyEvent,
  DestroyEvent,
  Failure,
  Features,
  LogLine,
  LogOptions,
  Provisioner,
  WorkloadSpec,
  WorkloadStatus,
} from '@runlayer/provisioner';
import { createTurns, eventStream, isAbort, type Turns, watchStream } from '@runlayer/provisioner/driver';
import { isRunlayerError } from '@runlayer/errors';
import { applyOnAws } from './apply/apply.ts';
import { reaching } from './calls/aws-error.ts';
import { type AwsContext, createContext } from './calls/context.ts';
import { destroyOnAws } from './apply/destroy.ts';
import { awsError } from './error-codes.ts';
import { readDeploymentLog } from './observation/logs.ts';
import { type AwsProvisionerOptions, settingsFrom } from './options.ts';
import { planOnAws } from './apply/plan.ts';
import { statusOnAws } from './observation/status.ts';
import { watchOnAws } from './observation/watch.ts';

interface Parts {
  readonly context: AwsContext;
  readonly turns: Turns;
}

/**
 * A provisioner on ECS Fargate. It keeps no state of its own: what it made is found by names and tags,
 * so a new one goes on where an old one was killed. Making one calls nothing.
 *
 * Verbs throw `ERR_AWS_UNREACHABLE` when AWS does not answer, `ERR_AWS_CREDENTIALS` and `ERR_AWS_DENIED` when it lets us do nothing
 * (`status` says `unknown` instead, `watch` tries again), `ERR_AWS_ACCOUNT` and `ERR_AWS_PLATFORM` when the settings name the wrong place,
 * `ERR_AWS_FOREIGN_OWNER` when a name is taken by somebody else, and `ERR_AWS_CALL` or `ERR_AWS_UNSETTLED` for other refusals.
 *
 * @throws `ERR_AWS_OPTIONS` When an option cannot be right.
 */
export function createAwsProvisioner(options: AwsProvisionerOptions): Provisioner {
  const settings = settingsFrom(options);
  const parts: Parts = { context: createContext(settings), turns: createTurns() };
  const features: Features = { database: true, assumeRoles: true, scaling: settings.scaling };
  return {
    target: 'aws',
    features,
    plan: (spec, { signal } = {}) => reaching(async () => planOnAws(during(parts, live(signal)), spec)),
    apply: (spec, { signal } = {}) =>
      eventStream<ApplyEvent>(signal, (emit, stop) => reaching(() => applyInTurn(parts, spec, stop, (event) => emit(event)))),
    status: (deploymentId, { signal } = {}) => statusOrUnknown(parts, deploymentId, live(signal)),
    logs: (deploymentId, logOptions = {}) => codedLog(parts, deploymentId, logOptions),
    watch: ({ signal } = {}) => watchStream(signal, (tell, stop) => watchOnAws(during(parts, stop), tell)),
    destroy: (deploymentId, { signal } = {}) =>
      eventStream<DestroyEvent>(signal, (emit, stop) =>
        reaching(() =>
          parts.turns.take(deploymentId, { signal: stop, preempt: true, preemptable: false }, (turn) => {
            parts.context.memory.served.forget(deploymentId);
            return destroyOnAws(during(parts, turn), deploymentId, emit);
          }),
        ),
      ),
  };
}

function during({ context }: Parts, signal: AbortSignal): AwsContext {
  return { ...context, signal };
}

/** A signal that is there, and has not fired. */
function live(signal: AbortSignal | undefined): AbortSignal {
  signal?.throwIfAborted();
  return signal ?? new AbortController().signal;
}

async function applyInTurn(parts: Parts, spec: WorkloadSpec, stop: AbortSignal, emit: (event: ApplyEvent) => Promise<void>): Promise<void> {
  const { memory, options } = parts.context;
  const told = (event: ApplyEvent): Promise<void> => {
    if ('endpoints' in event && event.endpoints !== undefined) {
      const { deploymentId, releaseId } = spec;
      const [keepsFormer, at] = [event.type === 'step', options.clock().toISOString()];
      memory.served.switched(deploymentId, { releaseId, endpoints: event.endpoints, keepsFormer, at });
    }
    return emit(event);
  };
  try {
    await parts.turns.take(spec.deploymentId, { signal: stop }, (signal) =>
      applyOnAws({ context: during(parts, signal), emit: told }, spec),
    );
  } catch (error) {
    if (!isAbort(error, stop)) throw error;
    memory.takeBack(spec.deploymentId);
    void emit({ type: 'failed', failure: cancelled, stillServing: await servingRelease(parts, spec.deploymentId) });
  } finally {
    memory.takeBack(spec.deploymentId);
  }
}

const cancelled: Failure = {
  code: 'cancelled',
  message: 'The deployment was cancelled before the task served.',
  fix: 'Deploy again; it goes on from what was begun.',
  evidence: {},
};

async function servingRelease(parts: Parts, deploymentId: string): Promise<string | undefined> {
  return (await statusOrUnknown(parts, deploymentId, new AbortController().signal)).releaseId;
}

const passing = new Set(['ERR_AWS_UNREACHABLE', 'ERR_AWS_CREDENTIALS', 'ERR_AWS_DENIED', 'ERR_AWS_CALL']);

/** How long AWS may take to answer where it was not heard lately, or where it is known what served, milliseconds. */
const patienceMs = 3000;

async function statusOrUnknown(parts: Parts, deploymentId: string, signal: AbortSignal): Promise<WorkloadStatus> {
  const { memory } = parts.context;
  const isDeaf = memory.isDeaf();
  const recalled = isDeaf ? await memory.served.recall(deploymentId) : undefined;
  if (recalled !== undefined) return recalled;
  const patience = isDeaf || memory.served.has(deploymentId) ? AbortSignal.timeout(patienceMs) : undefined;
  try {
    return await look(parts, deploymentId, patience === undefined ? signal : AbortSignal.any([signal, patience]));
  } catch (error) {
    signal.throwIfAborted();
    const isLate = patience?.aborted === true;
    const isAway = isLate || (isRunlayerError(error) && passing.has(error.code));
    if (!isAway) throw error;
    const known = await memory.served.recall(deploymentId);
    if (known !== undefined) return known;
    // Nothing to fall back to: so AWS may take its time, unless it tells nobody anything.
    if (isLate && !isDeaf) return statusOrUnknown(parts, deploymentId, signal);
    return unknown(parts, isLate ? awsError('ERR_AWS_UNREACHABLE', `AWS did not answer within ${patienceMs} ms.`) : error);
  }
}

function unknown({ context }: Parts, error: unknown): WorkloadStatus {
  const { message, hint = 'Try again.' } = error as { message: string; hint?: string };
  const failure: Failure = { code: 'engine_error', message, fix: hint, evidence: {} };
  return { state: 'unknown', endpoints: [], outputs: {}, failure, observedAt: context.options.clock().toISOString() };
}

/** Looks, and remembers what serves. */
async function look(parts: Parts, deploymentId: string, signal: AbortSignal): Promise<WorkloadStatus> {
  const { addresses, served, unsettled } = parts.context.memory;
  // Asked first: what AWS tells may be older, and what answers there when it has told somebody else.
  for (const taskId of await served.silent(deploymentId)) addresses.doubt(taskId);
  const done = unsettled.look(deploymentId);
  const status = await reaching(() => statusOnAws(during(parts, signal), deploymentId));
  done(status.state === 'serving');
  served.note(deploymentId, status);
  return status;
}

async function* codedLog(parts: Parts, deploymentId: string, options: LogOptions): AsyncGenerator<LogLine, void, undefined> {
  const signal = options.signal ?? new AbortController().signal;
  if (signal.aborted) return;
  const lines = readDeploymentLog(during(parts, signal), deploymentId, options);
  try {
    for (;;) {
      const next = await reaching(() => lines.next());
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    if (!isAbort(error, signal)) throw error;
  } finally {
    await lines.return();
  }
}
