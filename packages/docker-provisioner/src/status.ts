// What is true of a deployment now, and what an apply would change.
import { diffSpecs, type Failure, type Features, type Plan, type WorkloadSpec, type WorkloadStatus } from '@runlayer/provisioner';
import { unsupportedParts } from '@runlayer/provisioner/driver';
import type { ImageInspectInfo } from 'dockerode';
import { drainingOf, findContainers, type Found } from './containers.ts';
import type { EngineFacts } from './engine-facts.ts';
import { findImage, imageFailure, isPullable, missingImage } from './image.ts';
import { changesFrom, specOf } from './labels.ts';
import { endpointOf, isFresh, lookFor, observe } from './observation.ts';
import type { Settings } from './options.ts';
import { lacksTable, outputsOf, withTable } from './deployment-table.ts';

/** Tables are there where somebody keeps them; an engine has no roles, and one copy of a container is one container. */
export function featuresOf({ tables }: Settings): Features {
  return { database: tables !== undefined, assumeRoles: false, scaling: false };
}

/** Looks at the serving container, and asks it. */
export async function statusOnDocker(settings: Settings, deploymentId: string, signal: AbortSignal): Promise<WorkloadStatus> {
  const seen = { endpoints: [], outputs: {}, observedAt: settings.clock().toISOString() };
  const found = await findContainers(settings.docker, settings.installation, deploymentId);
  const { serving, others } = found;
  const subject = serving ?? others.find(({ State }) => State.Running) ?? others[0];
  if (subject === undefined) return { ...seen, state: 'absent' };
  const spec = specOf(subject);
  if (spec === undefined) return { ...seen, state: 'failing', failure: unreadableLabels };
  const observed = await observe(lookFor(settings.docker, spec, signal), subject, spec);
  if (serving === undefined)
    return observed.state === 'failing' ? { ...seen, state: 'failing', failure: observed.failure } : { ...seen, state: 'starting' };
  if (observed.state === 'serving') {
    return {
      ...seen,
      state: 'serving',
      releaseId: spec.releaseId,
      endpoints: [observed.endpoint],
      outputs: outputsOf(spec),
      ...draining(deploymentId, found),
    };
  }
  const isStarting = observed.state === 'waiting' && isFresh(subject, settings.healthTimeoutMs, settings.clock());
  return { ...seen, state: isStarting ? 'starting' : 'failing', failure: observed.failure };
}

/** Not asked whether they answer: on their way out they may not, and calls find out by themselves. */
function draining(deploymentId: string, found: Found): Pick<WorkloadStatus, 'draining'> {
  const endpoints = drainingOf(deploymentId, found).map((info) => {
    const spec = specOf(info);
    return spec === undefined ? undefined : endpointOf(info, spec.port);
  });
  const known = endpoints.filter((endpoint) => endpoint !== undefined);
  return known.length === 0 ? {} : { draining: known };
}

const unreadableLabels: Failure = {
  code: 'engine_error',
  message: 'The labels of the container cannot be read, so what it should be is not known.',
  fix: 'Deploy again.',
  evidence: {},
};

/** Compares by reading: containers, image, the answer of the service. */
export async function planOnDocker(settings: Settings, facts: EngineFacts, asked: WorkloadSpec, signal: AbortSignal): Promise<Plan> {
  const spec = await withTable(settings.tables, asked);
  const { serving } = await findContainers(settings.docker, settings.installation, spec.deploymentId);
  const image = await findImage(settings.docker, spec.image);
  const changes = serving === undefined ? diffSpecs(undefined, spec) : changesFrom(serving, spec, image?.Id);
  const blocker = unsupportedParts(spec, featuresOf(settings), 'docker') ?? imageBlocker(image, facts, spec);
  const plan = { deploymentId: spec.deploymentId, ...(blocker === undefined ? {} : { blocker }) };
  if (serving === undefined) return { ...plan, action: 'create', changes };
  if (changes.length > 0) return { ...plan, action: 'replace', changes };
  if (await lacksTable(settings, spec)) return { ...plan, action: 'replace', changes: [{ field: 'table', after: 'made anew, empty' }] };
  const { state } = await statusOnDocker(settings, spec.deploymentId, signal);
  if (state === 'serving' || state === 'starting') return { ...plan, action: 'none', changes };
  return { ...plan, action: 'replace', changes: [{ field: 'instance', before: state, after: 'serving' }] };
}

function imageBlocker(image: ImageInspectInfo | undefined, facts: EngineFacts, spec: WorkloadSpec): Failure | undefined {
  if (image !== undefined) return imageFailure(image, spec, facts);
  return isPullable(spec.image) ? undefined : missingImage(spec.image);
}
