// The verbs of the port over instances in this process: the same promises as a real target, without one.
import { createTurns, isAbort } from '../driver/turns.ts';
import { eventStream } from '../driver/event-stream.ts';
import type { ApplyEvent, DestroyEvent, Features, Plan, Provisioner, WorkloadStatus } from '../provisioner.ts';
import { diffSpecs } from '../spec-diff.ts';
import type { WorkloadSpec } from '../workload.ts';
import { watchStream } from '../driver/watch-stream.ts';
import { unsupportedParts } from '../driver/unsupported-parts.ts';
import { applyInMemory } from './apply.ts';
import { behaveByImageName, imageFailures, type MemoryBehaviour, memoryFailure } from './behaviour.ts';
import { stopInstance } from './instance.ts';
import { readLines } from './read-lines.ts';
import { createMemoryTarget, type Holding, type MemoryTarget } from './target.ts';

/** Settings of {@link createMemoryProvisioner}; all have a default. */
export interface MemoryOptions {
  /** Where the instances live. Default: a new one. */
  readonly target?: MemoryTarget | undefined;
  /** What an image does. Default: {@link behaveByImageName}. */
  readonly behave?: ((spec: WorkloadSpec) => MemoryBehaviour) | undefined;
  /** Default: the system's clock. */
  readonly clock?: (() => Date) | undefined;
}

const features: Features = { database: false, assumeRoles: false, scaling: false };
const target = 'memory';

/** A provisioner whose instances are HTTP servers on loopback in this process. For tests and demonstrations; needs nothing. */
export function createMemoryProvisioner(options: MemoryOptions = {}): Provisioner {
  const world = options.target ?? createMemoryTarget();
  const behave = options.behave ?? behaveByImageName;
  const now = options.clock ?? ((): Date => new Date());
  const turns = createTurns();

  return {
    target,
    features,

    async plan(spec, { signal } = {}) {
      signal?.throwIfAborted();
      return planFor(spec, world.holdings.get(spec.deploymentId), behave(spec));
    },

    apply: (spec, { signal } = {}) =>
      eventStream<ApplyEvent>(signal, async (emit, streamSignal) => {
        const serving = (): string | undefined => releaseThatServes(world.holdings.get(spec.deploymentId));
        try {
          await turns.take(spec.deploymentId, { signal: streamSignal }, async (turn) => {
            const unsupported = unsupportedParts(spec, features, target);
            if (unsupported === undefined) await applyInMemory({ world, behaviour: behave(spec), now, signal: turn, emit }, spec);
            else void emit({ type: 'failed', failure: unsupported, stillServing: serving() });
          });
        } catch (error) {
          if (!isAbort(error, streamSignal)) throw error;
          void emit({ type: 'failed', failure: memoryFailure('cancelled'), stillServing: serving() });
        }
      }),

    async status(deploymentId, { signal } = {}) {
      signal?.throwIfAborted();
      return statusOf(world.holdings.get(deploymentId), now);
    },

    logs: (deploymentId, logOptions = {}) => readLines(world, deploymentId, logOptions),

    watch: ({ signal } = {}) =>
      watchStream(signal, async (tell, stop) => {
        const listener = (deploymentId: string): void => tell({ type: 'moved', deploymentId });
        world.listeners.add(listener);
        tell({ type: 'unknown' });
        await untilAborted(stop);
        world.listeners.delete(listener);
      }),

    destroy: (deploymentId, { signal } = {}) =>
      eventStream<DestroyEvent>(signal, async (emit, streamSignal) => {
        await turns.take(deploymentId, { signal: streamSignal, preempt: true, preemptable: false }, async () => {
          const holding = world.holdings.get(deploymentId);
          for (const instance of [holding?.candidate, holding?.serving]) {
            if (instance === undefined) continue;
            void emit({ type: 'step', step: 'remove', message: `Removing ${instance.name}.` });
            await stopInstance(instance);
          }
          if (world.holdings.delete(deploymentId)) world.changed(deploymentId);
        });
        void emit({ type: 'destroyed', remaining: world.list(deploymentId) });
      }),
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function planFor(spec: WorkloadSpec, holding: Holding | undefined, behaviour: MemoryBehaviour): Plan {
  const serving = holding?.serving;
  const changes = diffSpecs(serving?.spec, spec);
  const unsupported = unsupportedParts(spec, features, target);
  const blocker = behaviour.failure !== undefined && imageFailures.has(behaviour.failure) ? memoryFailure(behaviour.failure) : unsupported;
  const settled = changes.length === 0 && serving?.state === 'running';
  const restart = { field: 'instance', before: 'stopped', after: 'serving' };
  return {
    deploymentId: spec.deploymentId,
    action: serving === undefined ? 'create' : settled ? 'none' : 'replace',
    changes: serving !== undefined && !settled && changes.length === 0 ? [restart] : changes,
    ...(blocker === undefined ? {} : { blocker }),
  };
}

function releaseThatServes(holding: Holding | undefined): string | undefined {
  return holding?.serving?.state === 'running' ? holding.serving.spec.releaseId : undefined;
}

function drainingOf(holding: Holding | undefined): Pick<WorkloadStatus, 'draining'> {
  const former = holding?.former;
  return former?.state === 'running' && former.endpoint !== undefined ? { draining: [former.endpoint] } : {};
}

function statusOf(holding: Holding | undefined, now: () => Date): WorkloadStatus {
  const seen = { outputs: {}, observedAt: now().toISOString() };
  const serving = holding?.serving;
  if (serving?.endpoint !== undefined && serving.state === 'running') {
    return { ...seen, state: 'serving', releaseId: serving.spec.releaseId, endpoints: [serving.endpoint], ...drainingOf(holding) };
  }
  if (serving !== undefined) return { ...seen, state: 'failing', endpoints: [], failure: memoryFailure('exited_at_start') };
  return { ...seen, state: holding?.candidate === undefined ? 'absent' : 'starting', endpoints: [] };
}
