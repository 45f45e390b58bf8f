// What the steps of one apply work with, and how they tell of themselves.
import type { ApplyEvent, WorkloadSpec } from '@runlayer/provisioner';
import { type Emit, redactionOf } from '@runlayer/provisioner/driver';
import { engineFailure, StartFailed, statusOf } from './engine-error.ts';
import type { EngineFacts } from './engine-facts.ts';
import { type Joined, type Network, NetworkLost } from './network.ts';
import type { Settings } from './options.ts';

/** One apply under way. */
export interface DockerApply {
  readonly settings: Settings;
  readonly network: Network;
  readonly facts: EngineFacts;
  readonly signal: AbortSignal;
  readonly emit: Emit<ApplyEvent>;
}

/** What is to run, and how it will be reached. */
export interface Wanted {
  readonly spec: WorkloadSpec;
  readonly imageId: string;
  readonly joined: Joined;
}

/** Tells of a step. */
export function step(job: DockerApply, name: string, message: string): void {
  void job.emit({ type: 'step', step: name, message });
}

/** The engine's refusal as a failed start; what is no refusal stays what it is. */
export function refusal(error: unknown, doing: string, spec: WorkloadSpec): unknown {
  if (statusOf(error) === undefined) return error;
  const failure = engineFailure(error, doing, redactionOf(spec.secrets));
  return /network \S+ (?:not found|is ambiguous)/.test((error as Error).message) ? new NetworkLost(failure) : new StartFailed(failure);
}
