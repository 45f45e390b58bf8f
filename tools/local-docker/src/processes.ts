// Which processes belong to an engine of ours, told from Linux' /proc.
import { readdir, readFile } from 'node:fs/promises';

/** Whether a process with this id exists. */
export function processIsAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** The engine's own processes: those started with the folder on their command line, and all they started. Never this process. */
export async function processesBelow(folder: string): Promise<number[]> {
  const all = await everyProcess();
  const chosen = new Set(all.filter(({ command }) => isEngineProgram(command, folder)).map(({ pid }) => pid));
  for (let size = -1; size !== chosen.size;) {
    size = chosen.size;
    for (const { pid, parent } of all) if (chosen.has(parent)) chosen.add(pid);
  }
  chosen.delete(process.pid);
  return [...chosen];
}

/** Whether another engine lives on this machine, wherever it listens. */
export async function anotherEngineLives(): Promise<boolean> {
  return (await everyProcess()).some(({ command }) => /(^|\/)dockerd$/.test(command.split('\0')[0] ?? ''));
}

/** A person's editor or shell may name the folder too: only Docker's programs count. */
export function isEngineProgram(command: string, folder: string): boolean {
  const program = (command.split('\0')[0] ?? '').split('/').at(-1) ?? '';
  return /^(dockerd|containerd|containerd-shim.*|docker-proxy)$/.test(program) && command.includes(folder);
}

async function everyProcess(): Promise<Seen[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(names.map(readProcess))).filter((seen) => seen !== undefined);
}

async function readProcess(name: string): Promise<Seen | undefined> {
  try {
    const [stat, command] = await Promise.all([readFile(`/proc/${name}/stat`, 'utf8'), readFile(`/proc/${name}/cmdline`, 'utf8')]);
    // The program's name, in brackets, may hold anything: the fields begin after the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid: Number(name), parent: Number(fields[1]), command };
  } catch {
    return undefined;
  }
}
