// The spec a task definition was made from, written into it as container labels, without the value of any variable.
import type { WorkloadSpec } from '@runlayer/provisioner';
import type { ContainerDefinition } from '@aws-sdk/client-ecs';

/** Labels of the container of a task definition. */
export const label = {
  deployment: 'com.runlayer.deployment',
  release: 'com.runlayer.release',
  name: 'com.runlayer.name',
  spec: 'com.runlayer.spec',
  /** Hash of the task definition itself, without release and name. */
  hash: 'com.runlayer.hash',
} as const;

/** Labels of a spec. Of the variables only the names. */
export function labelsOf(spec: WorkloadSpec): Record<string, string> {
  const { deploymentId, releaseId, name, env, secrets, ...rest } = spec;
  return {
    [label.deployment]: deploymentId,
    [label.release]: releaseId,
    [label.name]: name,
    [label.spec]: JSON.stringify({ ...rest, env: Object.keys(env), secrets: Object.keys(secrets) }),
  };
}

type LabelledSpec = Omit<WorkloadSpec, 'deploymentId' | 'releaseId' | 'name' | 'env' | 'secrets'> & { env: string[]; secrets: string[] };

/**
 * The spec that a container was defined from, or nothing when its labels cannot be read.
 *
 * @param secrets Values of its secrets, as Secrets Manager has them. A value that is gone counts as empty.
 */
export function specOf(container: ContainerDefinition | undefined, secrets: Readonly<Record<string, string>>): WorkloadSpec | undefined {
  const labels = container?.dockerLabels ?? {};
  try {
    const { env, secrets: names, ...rest } = JSON.parse(labels[label.spec] ?? '') as LabelledSpec;
    const plain = new Map((container?.environment ?? []).map(({ name = '', value = '' }) => [name, value]));
    return {
      ...rest,
      deploymentId: labels[label.deployment] ?? '',
      releaseId: labels[label.release] ?? '',
      name: labels[label.name] ?? '',
      env: Object.fromEntries(env.map((name) => [name, plain.get(name) ?? ''])),
      secrets: Object.fromEntries(names.map((name) => [name, secrets[name] ?? ''])),
    };
  } catch {
    return undefined;
  }
}
