// The folder of an engine we started: made once, and cleared of processes, mounts and files at the end.
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemPath } from './facts.ts';
import { processesBelow, processIsAlive } from './processes.ts';

const prefix = 'runlayer-docker-';
const run = promisify(execFile);

/** Makes a folder of our own on disk, not in memory where /tmp often lies. */
export async function makeEngineFolder(): Promise<string> {
  const parent = await engineParent();
  const folder = await mkdtemp(join(parent, prefix));
  await writeFile(join(folder, 'owner.pid'), String(process.pid));
  return folder;
}

/** Ends what still runs from the folder, unmounts what is mounted below it, and removes it. */
export async function removeEngineFolder(folder: string): Promise<void> {
  for (const pid of await processesBelow(folder)) killQuietly(pid);
  for (const mount of mountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), folder)) {
    await run('umount', ['--lazy', mount], { env: { ...process.env, PATH: systemPath() } }).catch(() => undefined);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Removes the folders of runs that were killed. A folder whose tool or engine still lives is left alone. */
export async function sweepEngineFolders(): Promise<void> {
  const parent = await engineParent();
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(parent, name);
    const about = await lstat(folder).catch(() => undefined);
    // The parent is writable for everybody: only what root made itself is ours.
    if (about?.isDirectory() !== true || about.uid !== 0) continue;
    if (await isAbandoned(folder)) await removeEngineFolder(folder).catch(() => undefined);
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  const pids = await Promise.all(['owner.pid', 'dockerd.pid'].map((file) => readFile(join(folder, file), 'utf8').catch(() => undefined)));
  // Without an owner's pid the folder is being made just now.
  if (pids[0] === undefined) return false;
  return pids.every((pid) => pid === undefined || !processIsAlive(Number(pid)));
}

async function engineParent(): Promise<string> {
  const onDisk = await lstat('/var/tmp').catch(() => undefined);
  return onDisk?.isDirectory() === true ? '/var/tmp' : tmpdir();
}

/** Mount points below a folder, the innermost first. @see proc_pid_mountinfo(5) */
export function mountsBelow(mountInfo: string, folder: string): string[] {
  return mountInfo
    .split('\n')
    .map((line) =>
      (line.split(' ')[4] ?? '').replace(/\\([0-7]{3})/g, (_whole, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
    .filter((path) => path.startsWith(`${folder}/`))
    .reverse();
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
