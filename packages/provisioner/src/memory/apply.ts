// The steps of `apply` in memory; each leaves something that the next `apply` can go on from.
import { randomUUID } from 'node:crypto';
import type { Emit } from '../driver/event-stream.ts';
import { pause } from '../driver/pause.ts';
import { within } from '../driver/within.ts';
import { redactionOf } from '../redaction.ts';
import type { ApplyEvent } from '../provisioner.ts';
import { diffSpecs } from '../spec-diff.ts';
import type { WorkloadSpec } from '../workload.ts';
import { imageFailures, type MemoryBehaviour, memoryFailure } from './behaviour.ts';
import { createInstance, type Instance, startInstance, stopInstance } from './instance.ts';
import type { Holding, MemoryTarget } from './target.ts';

/** What the steps work with. */
export interface MemoryApply {
  readonly world: MemoryTarget;
  readonly behaviour: MemoryBehaviour;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly emit: Emit<ApplyEvent>;
}

/** How long the former instance waits for the reader to switch over, milliseconds. */
const handoverMs = 120_000;
/** How long it may go on to finish its calls, milliseconds. */
const retireMs = 5000;

/** Makes the wanted state true and emits how it went, the last event included. */
export async function applyInMemory(job: MemoryApply, spec: WorkloadSpec): Promise<void> {
  const { world, behaviour } = job;
  const held = world.holdings.get(spec.deploymentId);
  const former = held?.serving?.state === 'running' ? held.serving : undefined;
  if (behaviour.failure !== undefined && imageFailures.has(behaviour.failure)) return fail(job, behaviour, former);
  await step(job, 'image', `Found the image ${spec.image}.`);
  if (former !== undefined && diffSpecs(former.spec, spec).length === 0) {
    await dropCandidate(held);
    return announce(job, former);
  }

  const holding = held ?? { serving: undefined, candidate: undefined };
  await dropCandidate(holding);
  const candidate = createInstance(`memory-${randomUUID()}`, spec);
  holding.candidate = candidate;
  world.holdings.set(spec.deploymentId, holding);
  await step(job, 'create', `Created ${candidate.name}.`);
  await startInstance(candidate, behaviour, job.now);
  world.changed(spec.deploymentId);
  await step(job, 'start', `Started ${candidate.name}.`);
  logStart(job, candidate);
  await pause(behaviour.startMs ?? 10, job.signal);
  if (behaviour.failure !== undefined) {
    await dropCandidate(holding);
    if (holding.serving === undefined) world.holdings.delete(spec.deploymentId);
    world.changed(spec.deploymentId);
    return fail(job, behaviour, former);
  }
  await promote(job, holding, candidate);
  return announce(job, candidate);
}

async function promote(job: MemoryApply, holding: Holding, candidate: Instance): Promise<void> {
  const former = holding.serving;
  job.signal.throwIfAborted();
  holding.serving = candidate;
  holding.candidate = undefined;
  holding.former = former;
  job.world.changed(candidate.spec.deploymentId);
  if (former === undefined) return;
  const endpoints = candidate.endpoint === undefined ? [] : [candidate.endpoint];
  const taken = job.emit({ type: 'step', step: 'switch', message: `${candidate.name} is healthy; ${former.name} is stopped.`, endpoints });
  try {
    await within(taken, handoverMs, job.signal);
  } finally {
    // Nothing points to the former one any more: stopping here, aborted or not, is what keeps it from being orphaned.
    await stopInstance(former, retireMs);
    holding.former = undefined;
    job.world.changed(former.spec.deploymentId);
  }
}

async function dropCandidate(holding: Holding | undefined): Promise<void> {
  if (holding?.candidate === undefined) return;
  await stopInstance(holding.candidate);
  holding.candidate = undefined;
}

async function step(job: MemoryApply, name: string, message: string): Promise<void> {
  void job.emit({ type: 'step', step: name, message });
  // A turn of the event loop, as every call to a real engine takes: the places where an abort can come.
  await pause(0, job.signal);
}

function logStart(job: MemoryApply, instance: Instance): void {
  const redact = redactionOf(instance.spec.secrets);
  for (const { line } of instance.lines) void job.emit({ type: 'log', line: redact(line).slice(0, 500) });
}

function announce(job: MemoryApply, instance: Instance): void {
  const endpoints = instance.endpoint === undefined ? [] : [instance.endpoint];
  void job.emit({ type: 'serving', endpoints, outputs: {}, message: `${instance.name} serves.` });
}

function fail(job: MemoryApply, behaviour: MemoryBehaviour, former: Instance | undefined): void {
  const failure = memoryFailure(behaviour.failure ?? 'engine_error');
  void job.emit({ type: 'failed', failure, stillServing: former?.spec.releaseId });
}
