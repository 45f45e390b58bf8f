// Reads the log of a deployment: of the container that serves, and with `follow` of those after it.
import type { LogLine, LogOptions } from '@runlayer/provisioner';
import { pause } from '@runlayer/provisioner/driver';
import type { ContainerInspectInfo } from 'dockerode';
import { readContainerLog } from './container-logs.ts';
import { findContainers } from './containers.ts';
import type { Settings } from './options.ts';

/** How long to wait before looking for a successor, milliseconds. */
const lookAgainMs = 500;
const defaultTail = 1000;

/** Lines of the serving container. With `follow` it goes on over restarts and successors until the signal, or until nothing is left. */
export async function* readDeploymentLog(
  settings: Settings,
  deploymentId: string,
  options: LogOptions,
): AsyncGenerator<LogLine, void, undefined> {
  const { signal, follow = false } = options;
  let since = options.since;
  let tail: number | undefined = options.tail ?? defaultTail;
  for (;;) {
    const info = await newest(settings, deploymentId);
    if (info === undefined) return;
    const seen = since;
    for await (const line of readContainerLog(settings.docker, info.Id, { follow, since, tail, signal })) {
      // The engine repeats the line at which the reading was taken up again.
      if (seen !== options.since && line.time === seen) continue;
      since = line.time;
      yield line;
    }
    if (!follow || signal?.aborted) return;
    tail = undefined;
    if (!(await waited(signal))) return;
  }
}

async function waited(signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await pause(lookAgainMs, signal);
    return true;
  } catch {
    return false;
  }
}

async function newest(settings: Settings, deploymentId: string): Promise<ContainerInspectInfo | undefined> {
  const { serving, others } = await findContainers(settings.docker, settings.installation, deploymentId);
  return serving ?? others[0];
}
