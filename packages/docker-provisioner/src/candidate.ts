// The container that is to take over: created, started once, and judged.
import type { Endpoint, Failure, WorkloadSpec } from '@runlayer/provisioner';
import { pause, redactionOf } from '@runlayer/provisioner/driver';
import type { Container, ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import { type DockerApply, refusal, step, type Wanted } from './apply-job.ts';
import { awaitHealthy } from './await-healthy.ts';
import { withArchitecture } from './command-architecture.ts';
import { containerConfig } from './container-config.ts';
import { removeContainer } from './containers.ts';
import { StartFailed, statusOf, unless } from './engine-error.ts';
import { changesFrom, specOf } from './labels.ts';
import type { Settings } from './options.ts';
import { tellOutput } from './tell-output.ts';

/** Whether a container is what is wanted. */
export function isEqual(info: ContainerInspectInfo, { spec, imageId }: Wanted): boolean {
  return changesFrom(info, spec, imageId).length === 0;
}

/** Whether an earlier apply started this container for the same spec, so that it need not be started anew. */
export function isBegun(info: ContainerInspectInfo, wanted: Wanted): boolean {
  const runs = info.State.Running && !info.State.Paused && info.RestartCount === 0;
  return runs && isEqual(info, wanted) && specOf(info)?.releaseId === wanted.spec.releaseId;
}

/** Creates and starts a container under a name of its own; gives its id. */
export async function startCandidate(job: DockerApply, { spec, joined }: Wanted): Promise<string> {
  const { settings, facts } = job;
  if (spec.cpu / 1024 > facts.cpus) step(job, 'create', `The engine has ${facts.cpus} CPUs; the container may use them all.`);
  if (spec.scaling !== undefined && spec.scaling.minReplicas > 1) step(job, 'create', 'This target runs one copy; scaling is left aside.');
  const config = containerConfig(spec, { ...settings, ...joined, cpus: facts.cpus });
  const container = await create(settings, config, spec);
  step(job, 'create', `Created the container ${config.name}.`);
  job.signal.throwIfAborted();
  try {
    await container.start();
  } catch (error) {
    await removeContainer(settings.docker, container.id);
    throw refusal(error, 'start the container', spec);
  }
  step(job, 'start', 'Started it; waiting until it answers.');
  return container.id;
}

/** How often a name that is taken is waited for: what a killed process began may show only now. */
const nameTries = 10;

async function create(settings: Settings, config: ContainerCreateOptions, spec: WorkloadSpec): Promise<Container> {
  for (let left = nameTries; ; left -= 1) {
    try {
      return await settings.docker.createContainer(config);
    } catch (error) {
      if (statusOf(error) !== 409 || left === 0) throw refusal(error, 'create the container', spec);
      await removeContainer(settings.docker, config.name ?? '');
      await pause(100);
    }
  }
}

/**
 * Waits until the candidate serves, and passes on what it writes meanwhile. One that fails is removed, after its evidence was taken.
 * @throws {StartFailed} With the cause.
 */
export async function candidateServing(job: DockerApply, id: string, spec: WorkloadSpec): Promise<Endpoint> {
  const output = tellOutput(job.settings.docker, id, redactionOf(spec.secrets), (line) => void job.emit({ type: 'log', line }));
  try {
    return await awaitHealthy(job.settings, id, spec, job.signal);
  } catch (error) {
    // Aborted, it stays for the next apply to go on with.
    if (job.signal.aborted || !(error instanceof StartFailed || statusOf(error) !== undefined)) throw error;
    const named = error instanceof StartFailed ? new StartFailed(await explained(job, id, error.failure)) : error;
    await removeContainer(job.settings.docker, id);
    throw named;
  } finally {
    await output.end();
  }
}

async function explained(job: DockerApply, id: string, failure: Failure): Promise<Failure> {
  const { docker } = job.settings;
  const info = await unless([404], docker.getContainer(id).inspect());
  return info === undefined ? failure : withArchitecture(docker, info, job.facts.architecture, failure);
}
