// The moment at which a healthy container takes over from the former one.
import type { Endpoint, WorkloadSpec } from '@runlayer/provisioner';
import { abortable, within } from '@runlayer/provisioner/driver';
import type { ContainerInspectInfo } from 'dockerode';
import type { DockerApply } from './apply-job.ts';
import { nameOf, retireContainer } from './containers.ts';
import { unless } from './engine-error.ts';
import { formerName, servingName } from './labels.ts';

/** How long the former container waits for the reader to switch over, milliseconds. */
const handoverMs = 120_000;

/** Until then a container that exits stays down, so that its one attempt can be judged. */
export const restartWhenServing = { RestartPolicy: { Name: 'unless-stopped' } };

/**
 * Makes the candidate the serving container: renames, which the engine does one by one and keeps.
 * Killed between the two, the former one still counts as serving ({@link findContainers}), and the next apply begins with it.
 */
export async function promote(
  job: DockerApply,
  id: string,
  spec: WorkloadSpec,
  former: ContainerInspectInfo | undefined,
  endpoint: Endpoint,
): Promise<void> {
  const { settings, signal, emit } = job;
  const name = servingName(spec.deploymentId);
  const candidate = settings.docker.getContainer(id);
  await candidate.update(restartWhenServing);
  signal.throwIfAborted();
  if (former !== undefined && nameOf(former) === name) {
    await unless([404], settings.docker.getContainer(former.Id).rename({ name: formerName(spec.deploymentId, former.Id) }));
  }
  await candidate.rename({ name });
  const message = former === undefined ? 'The container is healthy.' : 'The new container is healthy; the former one is stopped.';
  const taken = emit({ type: 'step', step: 'switch', message, endpoints: [endpoint] });
  if (former === undefined) return;
  await within(taken, handoverMs, signal);
  await abortable(retireContainer(settings.docker, former.Id, settings.stopSeconds), signal);
}
