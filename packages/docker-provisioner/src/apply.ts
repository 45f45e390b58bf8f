// The story of a deployment on Docker: image, container, health, switch-over, and nothing left behind.
import type { Endpoint, WorkloadSpec } from '@runlayer/provisioner';
import { abortable } from '@runlayer/provisioner/driver';
import { type DockerApply, refusal, step, type Wanted } from './apply-job.ts';
import { awaitHealthy } from './await-healthy.ts';
import { candidateServing, isBegun, isEqual, startCandidate } from './candidate.ts';
import { findContainers, type Found, nameOf, removeContainer, retireContainer } from './containers.ts';
import { StartFailed } from './engine-error.ts';
import { ensureImage } from './image.ts';
import { servingName, specOf } from './labels.ts';
import { isFresh, lookFor, observe } from './observation.ts';
import type { Settings } from './options.ts';
import { ensureTable, outputsOf } from './deployment-table.ts';
import { promote, restartWhenServing } from './promotion.ts';

/** Makes the wanted state true and emits how it went, the last event included. */
export async function applyOnDocker(job: DockerApply, asked: WorkloadSpec): Promise<void> {
  const { settings, signal } = job;
  try {
    const image = await ensureImage(settings, job.facts, asked, signal, (message) => step(job, 'pull', message));
    const spec = await ensureTable(job, asked);
    signal.throwIfAborted();
    const endpoint = await job.network.use(signal, (joined) => converge(job, { spec, imageId: image.Id, joined }));
    void job.emit({ type: 'serving', endpoints: [endpoint], outputs: outputsOf(spec), message: `Serving on port ${spec.port}.` });
  } catch (error) {
    signal.throwIfAborted();
    const cause = refusal(error, 'run the container', asked);
    if (!(cause instanceof StartFailed)) throw error;
    void job.emit({ type: 'failed', failure: cause.failure, stillServing: await releaseThatServes(settings, asked.deploymentId, signal) });
  }
}

async function converge(job: DockerApply, wanted: Wanted): Promise<Endpoint> {
  const { settings } = job;
  const { spec } = wanted;
  const found = await findContainers(settings.docker, settings.installation, spec.deploymentId);
  const kept = await keptEndpoint(job, found, wanted);
  if (kept !== undefined) return kept;

  const begun = found.others.find((info) => isBegun(info, wanted));
  for (const other of found.others) if (other !== begun) await removeContainer(settings.docker, other.Id);
  const id = begun?.Id ?? (await startCandidate(job, wanted));
  if (begun !== undefined) step(job, 'resume', `Goes on with ${nameOf(begun)}, which was started before.`);
  const endpoint = await candidateServing(job, id, spec);
  await promote(job, id, spec, found.serving, endpoint);
  return endpoint;
}

/** The address of the serving container when it is what is wanted; what else there is of the deployment then goes. */
async function keptEndpoint(job: DockerApply, { serving, others }: Found, wanted: Wanted): Promise<Endpoint | undefined> {
  const { spec } = wanted;
  const { settings, signal } = job;
  if (serving === undefined || nameOf(serving) !== servingName(spec.deploymentId) || !isEqual(serving, wanted)) return undefined;
  const seen = await observe(lookFor(settings.docker, spec, signal), serving, spec);
  const hopeful = seen.state === 'serving' || (seen.state === 'waiting' && isFresh(serving, settings.healthTimeoutMs, settings.clock()));
  if (!hopeful) return undefined;
  const endpoint = seen.state === 'serving' ? seen.endpoint : await awaitHealthy(settings, serving.Id, spec, signal).catch(failedStart);
  if (endpoint === undefined) return undefined;
  step(job, 'keep', 'What runs is what is wanted.');
  await settings.docker.getContainer(serving.Id).update(restartWhenServing);
  for (const other of others) await abortable(retireContainer(settings.docker, other.Id, settings.stopSeconds), signal);
  return endpoint;
}

function failedStart(error: unknown): undefined {
  if (!(error instanceof StartFailed)) throw error;
}

async function releaseThatServes(settings: Settings, deploymentId: string, signal: AbortSignal): Promise<string | undefined> {
  const { serving } = await findContainers(settings.docker, settings.installation, deploymentId);
  const spec = serving === undefined ? undefined : specOf(serving);
  if (serving === undefined || spec === undefined) return undefined;
  const seen = await observe(lookFor(settings.docker, spec, signal), serving, spec);
  return seen.state === 'serving' ? spec.releaseId : undefined;
}
