// Hears of the engine which containers came, went or moved, and goes on hearing after the engine was away.
import type { Readable } from 'node:stream';
import type { WatchEvent } from '@runlayer/provisioner';
import { abortable, pause } from '@runlayer/provisioner/driver';
import { isWatched, readEvents, type EngineEvent, watchedActions } from './engine-events.ts';
import { label } from './labels.ts';
import type { Settings } from './options.ts';

const shortestWaitMs = 100;
const longestWaitMs = 5000;
/** A connection that held so long was a good one: the next loss is tried again at once. */
const goodMs = 5000;

/** Tells of every change until the signal fires. Never throws: an engine that is away is tried again, further and further apart. */
export async function watchOnDocker(settings: Settings, tell: (event: WatchEvent) => void, signal: AbortSignal): Promise<void> {
  for (let wait = shortestWaitMs; !signal.aborted; wait = Math.min(wait * 2, longestWaitMs)) {
    const began = performance.now();
    await hear(settings, tell, signal).catch(() => {});
    if (performance.now() - began > goodMs) wait = shortestWaitMs;
    await pause(wait, signal).catch(() => {});
  }
}

/** One connection. Resolves when the engine ends it, rejects when it cannot be had or breaks. */
async function hear({ docker, installation }: Settings, tell: (event: WatchEvent) => void, signal: AbortSignal): Promise<void> {
  const filters = JSON.stringify({ type: ['container', 'network'], event: watchedActions });
  // Known to dockerode, and not to its types. It also ends the answer.
  const cancellation: object = { abortSignal: signal };
  const stream: NodeJS.ReadableStream = await docker.getEvents({ filters, ...cancellation });
  try {
    // Listed once the engine listens for us, so that nothing falls between the list and the events.
    const owners = new Map<string, string>();
    const filter = { label: [`${label.installation}=${installation}`] };
    const listed = await abortable(docker.listContainers({ all: true, filters: filter }), signal);
    for (const { Id, Labels } of listed) owners.set(Id, Labels[label.deployment] ?? '');
    tell({ type: 'unknown' });
    for await (const event of readEvents(stream)) {
      const deploymentId = ownerOf(event, installation, owners);
      if (deploymentId !== undefined) tell({ type: 'moved', deploymentId });
    }
  } finally {
    (stream as Readable).destroy();
  }
}

/**
 * The deployment that an event is about. Events of containers carry the labels; those of networks only the container's id,
 * so the owner of each container of ours is kept until it is gone.
 */
function ownerOf(event: EngineEvent, installation: string, owners: Map<string, string>): string | undefined {
  if (!isWatched(event)) return undefined;
  if (event.Type === 'network') return owners.get(event.Actor.Attributes['container'] ?? '');
  const { ID: id, Attributes: attributes } = event.Actor;
  const owner = attributes[label.installation] === installation ? attributes[label.deployment] : undefined;
  if (owner === undefined) return undefined;
  if (event.Action === 'destroy') owners.delete(id);
  else owners.set(id, owner);
  return owner;
}
