// The containers of one deployment as the engine lists them, and which of them serves.
import { pause } from '@runlayer/provisioner/driver';
import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { unless } from './engine-error.ts';
import { isFormer, label, servingName } from './labels.ts';

/** Everything there is of one deployment. */
export interface Found {
  /** The one that serves, or served until it stopped. */
  readonly serving: ContainerInspectInfo | undefined;
  /** Successors not known to be healthy, and predecessors not removed yet. */
  readonly others: readonly ContainerInspectInfo[];
}

/** Name of a container as people write it. */
export function nameOf(info: Pick<ContainerInspectInfo, 'Name'>): string {
  return info.Name.replace(/^\//, '');
}

/** Lists a deployment's containers, stopped ones too. */
export async function findContainers(docker: Docker, installation: string, deploymentId: string): Promise<Found> {
  const filters = { label: [`${label.deployment}=${deploymentId}`, `${label.installation}=${installation}`] };
  const listed = await docker.listContainers({ all: true, filters });
  const inspected = await Promise.all(listed.map(({ Id }) => unless([404], docker.getContainer(Id).inspect())));
  return sortOut(
    deploymentId,
    inspected.filter((info) => info !== undefined),
  );
}

/**
 * The container with the serving name serves. A crash between the two renames of a promotion leaves none with that name:
 * then the one that was renamed away still does.
 */
export function sortOut(deploymentId: string, all: readonly ContainerInspectInfo[]): Found {
  const name = servingName(deploymentId);
  const newestFirst = [...all].sort((a, b) => b.Created.localeCompare(a.Created));
  const serving =
    newestFirst.find((info) => nameOf(info) === name) ??
    newestFirst.find((info) => isFormer(deploymentId, nameOf(info)) && info.State.Running);
  return { serving, others: newestFirst.filter((info) => info !== serving) };
}

/** Predecessors of the serving container that still run. */
export function drainingOf(deploymentId: string, { others }: Found): readonly ContainerInspectInfo[] {
  return others.filter((info) => isFormer(deploymentId, nameOf(info)) && info.State.Running);
}

/** How long to wait for a removal that somebody else began, milliseconds. */
const removalMs = 10_000;

/** Kills and removes a container with its anonymous volumes. Gone already is fine. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  // 409: somebody else is removing it.
  await unless([404, 409], container.remove({ force: true, v: true }));
  const deadline = performance.now() + removalMs;
  while ((await unless([404], container.inspect())) !== undefined && performance.now() < deadline) await pause(50);
}

/** Ends a container gently: SIGTERM, then SIGKILL after so many seconds; then removes it. */
export async function retireContainer(docker: Docker, id: string, stopSeconds: number): Promise<void> {
  // 304: it is stopped. 500: it cannot be stopped gently, so it is removed by force.
  await unless([304, 404, 500], docker.getContainer(id).stop({ t: stopSeconds }));
  await removeContainer(docker, id);
}
