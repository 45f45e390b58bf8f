// Takes down everything that carries a deployment's id, and lists what is left.
import type { DestroyEvent } from '@runlayer/provisioner';
import { abortable, type Emit } from '@runlayer/provisioner/driver';
import type { ContainerInspectInfo, ImageInfo } from 'dockerode';
import { findContainers, nameOf, retireContainer } from './containers.ts';
import { unless } from './engine-error.ts';
import { label } from './labels.ts';
import type { Network } from './network.ts';
import type { Settings } from './options.ts';
import { tableOf } from './deployment-table.ts';

/** Removes containers, then the table, then the images that were built for the deployment alone, then the network after the last deployment. */
export async function destroyOnDocker(
  settings: Settings,
  network: Network,
  deploymentId: string,
  signal: AbortSignal,
  emit: Emit<DestroyEvent>,
): Promise<void> {
  const tell = (step: string, message: string): void => void emit({ type: 'step', step, message });
  for (const info of await containersOf(settings, deploymentId)) {
    tell('container', `Stopping and removing ${nameOf(info)}.`);
    await abortable(retireContainer(settings.docker, info.Id, settings.stopSeconds), signal);
  }
  for (const table of await tableOf(settings, deploymentId)) {
    tell('table', `Removing the table ${table} with its items.`);
    await settings.tables?.removeTable(deploymentId);
  }
  for (const reference of await imagesOf(settings, deploymentId)) {
    tell('image', `Removing the image ${reference}.`);
    // By force a tag goes even where a stopped container of somebody else has the image. 409: one that runs; the listing below names it.
    await abortable(
      unless([404, 409], settings.docker.getImage(reference).remove({ force: reference.endsWith(`:${deploymentId}`) })),
      signal,
    );
  }
  await network.removeIfUnused();
  const containers = (await containersOf(settings, deploymentId)).map(nameOf);
  const left = [...containers, ...(await tableOf(settings, deploymentId)), ...(await imagesOf(settings, deploymentId))];
  void emit({ type: 'destroyed', remaining: left });
}

async function containersOf(settings: Settings, deploymentId: string): Promise<ContainerInspectInfo[]> {
  const { serving, others } = await findContainers(settings.docker, settings.installation, deploymentId);
  return serving === undefined ? [...others] : [serving, ...others];
}

/** Tags that are the deployment's id (`runlayer-local:<id>`, `<registry>/<repository>:<id>`), and untagged images labelled with it. */
async function imagesOf(settings: Settings, deploymentId: string): Promise<string[]> {
  const images = await settings.docker.listImages();
  const references = images.flatMap((image) => {
    const tags = image.RepoTags ?? [];
    const own = tags.filter((tag) => tag.endsWith(`:${deploymentId}`));
    return own.length === 0 && isUntagged(tags) && belongs(image, deploymentId) ? [image.Id] : own;
  });
  return [...new Set(references)];
}

function isUntagged(tags: readonly string[]): boolean {
  return tags.every((tag) => tag === '<none>:<none>');
}

function belongs(image: ImageInfo, deploymentId: string): boolean {
  return (image.Labels as Record<string, string> | null)?.[label.deployment] === deploymentId;
}
