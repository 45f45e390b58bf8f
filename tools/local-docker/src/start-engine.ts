// Starts a Docker engine of our own beside whatever else is on the machine, and stops it without a trace.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineArguments, engineConfiguration, socketOf } from './engine-settings.ts';
import type { EngineSurroundings } from './engine-settings.ts';
import { makeEngineFolder, removeEngineFolder, sweepEngineFolders } from './engine-folder.ts';
import { findProgram, systemPath } from './facts.ts';
import { connectTo, ping } from './find-engine.ts';
import { anotherEngineLives } from './processes.ts';
import { bridgeExists, removeBridge } from './bridge.ts';
import { waitUntil } from './wait-until.ts';

/** An engine that this process started. */
export interface StartedEngine {
  /** Its `DOCKER_HOST`. */
  readonly host: string;
  /** Process id of its `dockerd`. */
  readonly pid: number;
  /** Removes its containers and networks, stops it by its pid, removes its data. */
  stop(): Promise<void>;
}

const startPatience = 60_000;
const stopPatience = 30_000;

/** Starts `dockerd` with a folder, socket, pid file and containerd of its own. Throws with the engine's last words when it does not come up. */
export async function startEngine(dockerd: string, signal?: AbortSignal): Promise<StartedEngine> {
  await sweepEngineFolders();
  const hadBridge = bridgeExists();
  const neighbour = await anotherEngineLives();
  const folder = await makeEngineFolder();
  const attempt = (withoutFirewall: boolean): Promise<ChildProcess> =>
    launch(dockerd, { folder, neighbour, withoutFirewall, seat: process.pid % 100 }, signal);
  try {
    // Where the kernel or its owner allows no firewall rules, containers still reach the host and the host them.
    const child = await attempt(false).catch((error: unknown) =>
      /iptables|nftables/i.test(String(error)) ? attempt(true) : Promise.reject(error),
    );
    return asEngine(child, folder, async () => (hadBridge || (await anotherEngineLives()) ? undefined : removeBridge()));
  } catch (error) {
    await removeEngineFolder(folder);
    throw error;
  }
}

async function launch(dockerd: string, where: EngineSurroundings, signal: AbortSignal | undefined): Promise<ChildProcess> {
  const log = join(where.folder, 'dockerd.log');
  const theirs = await readFile('/etc/docker/daemon.json', 'utf8').catch(() => '');
  await writeFile(join(where.folder, 'daemon.json'), JSON.stringify(engineConfiguration(theirs)));
  const child = spawnEngine(dockerd, engineArguments(where), log);
  const up = await waitUntil(
    async () => hasEnded(child) || (await ping(`unix://${socketOf(where.folder)}`, 2_000)) === 'up',
    startPatience,
    signal,
  );
  if (up && !hasEnded(child)) return child;
  await endProcess(child);
  signal?.throwIfAborted();
  const words = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-5).join('\n');
  throw new Error(`the Docker engine ${dockerd} did not come up; its last words:\n${words}`);
}

function spawnEngine(dockerd: string, args: readonly string[], log: string): ChildProcess {
  const output = openSync(log, 'w');
  // If this process is killed outright, the kernel tells the engine to stop.
  const leash = findProgram('setpriv');
  const [program, words] = leash === undefined ? [dockerd, args] : [leash, ['--pdeathsig', 'TERM', dockerd, ...args]];
  try {
    // A process group of its own: Ctrl-C on the terminal reaches the command first, and the engine only through stop().
    return spawn(program, words, { detached: true, stdio: ['ignore', output, output], env: { ...process.env, PATH: systemPath() } }).on(
      'error',
      () => undefined,
    );
  } finally {
    closeSync(output);
  }
}

function asEngine(child: ChildProcess, folder: string, removeTraces: () => Promise<void>): StartedEngine {
  const host = `unix://${socketOf(folder)}`;
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await emptyEngine(host).catch(() => undefined);
    await endProcess(child);
    await removeEngineFolder(folder);
    await removeTraces();
  };
  return { host, pid: child.pid ?? 0, stop: () => (stopping ??= stop()) };
}

/** The engine leaves the bridges and mounts of what it runs behind unless that is removed first. */
async function emptyEngine(host: string): Promise<void> {
  const docker = connectTo(host);
  const limit = { abortSignal: AbortSignal.timeout(stopPatience) };
  const containers = await docker.listContainers({ all: true, ...limit });
  await Promise.allSettled(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true, ...limit })));
  const networks = (await docker.listNetworks(limit)).filter(({ Name }) => !['bridge', 'host', 'none'].includes(Name));
  await Promise.allSettled(networks.map(({ Id }) => docker.getNetwork(Id).remove(limit)));
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  child.kill('SIGTERM');
  if (await waitUntil(() => hasEnded(child), stopPatience)) return;
  child.kill('SIGKILL');
  await waitUntil(() => hasEnded(child), 5_000);
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
