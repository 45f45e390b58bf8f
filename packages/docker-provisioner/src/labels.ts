// Names and labels by which a deployment's containers are found, and the spec that a container was made from.
import { type Change, diffSpecs, type WorkloadSpec } from '@runlayer/provisioner';
import type { ContainerInspectInfo } from 'dockerode';

/** Labels on everything made for a deployment. */
export const label = {
  deployment: 'com.runlayer.deployment',
  release: 'com.runlayer.release',
  installation: 'com.runlayer.installation',
  name: 'com.runlayer.name',
  spec: 'com.runlayer.spec',
} as const;

/** Name of the container that serves a deployment. Having this name is what makes it the serving one. */
export function servingName(deploymentId: string): string {
  return `runlayer-${deploymentId}`;
}

/** Name of a container until it is healthy. */
export function candidateName(spec: WorkloadSpec): string {
  return `${servingName(spec.deploymentId)}-next-${spec.releaseId.slice(0, 8)}`;
}

/** Name of a container whose successor is healthy. */
export function formerName(deploymentId: string, containerId: string): string {
  return `${formerPrefix(deploymentId)}${containerId.slice(0, 12)}`;
}

/** Whether a name is one that {@link formerName} gives. */
export function isFormer(deploymentId: string, name: string): boolean {
  return name.startsWith(formerPrefix(deploymentId));
}

function formerPrefix(deploymentId: string): string {
  return `${servingName(deploymentId)}-old-`;
}

/** Labels of a container. Of the variables only the names: their values stay in the container's own configuration. */
export function labelsOf(spec: WorkloadSpec, installation: string): Record<string, string> {
  const { deploymentId, releaseId, name, env, secrets, ...rest } = spec;
  return {
    [label.deployment]: deploymentId,
    [label.release]: releaseId,
    [label.installation]: installation,
    [label.name]: name,
    [label.spec]: JSON.stringify({ ...rest, env: Object.keys(env), secrets: Object.keys(secrets) }),
  };
}

type LabelledSpec = Omit<WorkloadSpec, 'deploymentId' | 'releaseId' | 'name' | 'env' | 'secrets'> & { env: string[]; secrets: string[] };

/** The spec a container was made from, or nothing when its labels cannot be read. */
export function specOf(info: Pick<ContainerInspectInfo, 'Config'>): WorkloadSpec | undefined {
  const labels = info.Config.Labels ?? {};
  try {
    const { env, secrets, ...rest } = JSON.parse(labels[label.spec] ?? '') as LabelledSpec;
    const values = variables(info.Config.Env ?? []);
    return {
      ...rest,
      deploymentId: labels[label.deployment] ?? '',
      releaseId: labels[label.release] ?? '',
      name: labels[label.name] ?? '',
      env: pick(values, env),
      secrets: pick(values, secrets),
    };
  } catch {
    return undefined;
  }
}

/**
 * What differs between a container and a spec. A tag may have moved to another image since, so the ids count too.
 *
 * @param imageId Id of the image that the spec names, where the engine has it.
 */
export function changesFrom(
  info: Pick<ContainerInspectInfo, 'Config' | 'Image'>,
  spec: WorkloadSpec,
  imageId: string | undefined,
): Change[] {
  const changes = diffSpecs(specOf(info), spec);
  const moved = imageId !== undefined && imageId !== info.Image && !changes.some(({ field }) => field === 'image');
  return moved ? [{ field: 'image', before: info.Image, after: imageId }, ...changes] : changes;
}

function variables(lines: readonly string[]): Map<string, string> {
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

function pick(values: ReadonlyMap<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, values.get(name) ?? '']));
}
