// Looks at one container once: does it serve, is it starting, or why does it fail?
import type { Endpoint, Failure, WorkloadSpec } from '@runlayer/provisioner';
import { type Answer, pause, probe, redactionOf, type Redaction } from '@runlayer/provisioner/driver';
import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { lastLinesOf } from './container-logs.ts';
import { type Listener, listenersReader } from './listening.ts';
import { exitFailure, healthcheckFailure, silenceFailure } from './start-failure.ts';

/** What one look shows. */
export type Observed =
  | { readonly state: 'serving'; readonly endpoint: Endpoint }
  /** Runs, and does not serve now; `failure` says why, should it stay like this. */
  | { readonly state: 'waiting'; readonly failure: Failure }
  /** Cannot serve any more without being started anew. */
  | { readonly state: 'failing'; readonly failure: Failure };

/** Where a container is reached: a published loopback port if it has one, else its private address. */
export function endpointOf(info: ContainerInspectInfo, port: number): Endpoint | undefined {
  const published = info.NetworkSettings.Ports?.[`${port}/tcp`]?.[0];
  if (published !== undefined) return { instance: info.Id, host: '127.0.0.1', port: Number(published.HostPort) };
  const host = Object.values(info.NetworkSettings.Networks ?? {}).find(({ IPAddress }) => IPAddress !== '')?.IPAddress;
  return host === undefined ? undefined : { instance: info.Id, host, port };
}

/** What a look needs besides the container. */
export interface Look {
  readonly docker: Docker;
  readonly redact: Redaction;
  /** Reads the ports of a container that does not answer. */
  readonly listeners: (info: ContainerInspectInfo) => Promise<readonly Listener[] | undefined>;
  readonly signal: AbortSignal;
}

const killed = 137;
/** How long after an end the engine may still learn that it was for want of memory, and how often that is looked for, ms. */
const settlingMs = 2_000;
const lookMs = 200;
/** After that an end has told all it will, ms. */
const freshMs = 10_000;

/** The kernel tells the engine of its reason on another way than of the end: on a busy machine it comes later. */
async function settledState(
  { docker, signal }: Pick<Look, 'docker' | 'signal'>,
  { Id, State }: ContainerInspectInfo,
): Promise<ContainerInspectInfo['State']> {
  let state = State;
  if (Date.now() - Date.parse(State.FinishedAt) > freshMs) return state;
  const until = performance.now() + settlingMs;
  while (state.ExitCode === killed && !state.OOMKilled && performance.now() < until) {
    await pause(lookMs, signal);
    const again = await docker
      .getContainer(Id)
      .inspect()
      .catch(() => undefined);
    if (again === undefined || again.State.FinishedAt !== state.FinishedAt) break;
    state = again.State;
  }
  return state;
}

/** Looks once. Reads only, except for the calls of {@link probe}. */
export async function observe(
  { docker, redact, listeners, signal }: Look,
  info: ContainerInspectInfo,
  spec: Pick<WorkloadSpec, 'port' | 'path' | 'memoryMiB'>,
): Promise<Observed> {
  const { State: state } = info;
  if (!state.Running || state.Restarting) {
    const last = await settledState({ docker, signal }, info);
    return { state: 'failing', failure: exitFailure(last, await lastLinesOf(docker, info.Id, redact), spec.memoryMiB) };
  }
  const health = state.Health;
  if (health?.Status === 'unhealthy') return { state: 'failing', failure: healthcheckFailure(health, redact) };

  const endpoint = endpointOf(info, spec.port);
  const answer: Answer = endpoint === undefined ? { kind: 'silent', connected: false } : await probe(endpoint, spec.path, signal);
  signal.throwIfAborted();
  if (endpoint === undefined || answer.kind !== 'answered') {
    return { state: 'waiting', failure: silenceFailure(spec, answer, await listeners(info)) };
  }
  // `none` is what some engines say where the image declares no check.
  if (health !== undefined && health.Status !== 'healthy' && health.Status !== 'none') {
    return { state: 'waiting', failure: healthcheckFailure(health, redact) };
  }
  return { state: 'serving', endpoint };
}

/** A look at a container made from this spec. */
export function lookFor(docker: Docker, spec: Pick<WorkloadSpec, 'secrets'>, signal: AbortSignal): Look {
  return { docker, redact: redactionOf(spec.secrets), listeners: listenersReader(docker), signal };
}

/** Whether a container runs for so short a time that silence is no fault yet. One that has crashed before has had its time. */
export function isFresh(info: ContainerInspectInfo, healthTimeoutMs: number, now: Date): boolean {
  return info.RestartCount === 0 && now.getTime() - Date.parse(info.State.StartedAt) < healthTimeoutMs;
}
