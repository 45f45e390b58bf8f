// Starts programs on one core each, and reads from the kernel what they use.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';

/** The proxy under test has this core for itself. */
export const proxyCore = 0;
/** Load and upstream share this one. */
export const loadCore = 1;

/** Open files that a program may have: 5,000 streams take twice as many sockets. */
const openFiles = 65_536;

export interface PinnedOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What becomes of its standard output. Default: dropped. */
  readonly stdout?: 'pipe' | 'ignore';
  /** Opens a channel for messages; Node programs only. */
  readonly ipc?: boolean;
}

/** Starts a program that runs on one core only. Its id is that of the program: shell and taskset are gone when it starts. */
export function startPinned(core: number, program: string, args: readonly string[], options: PinnedOptions = {}): ChildProcess {
  const limited = `ulimit -n ${openFiles} 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec taskset -c ${core} "$0" "$@"`;
  const child = spawn('bash', ['-c', limited, program, ...args], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', options.stdout ?? 'ignore', 'inherit', ...(options.ipc === true ? (['ipc'] as const) : [])],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill()));

/** Ends every program that still runs. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map(end));
}

/** Runs a program on the load's core to its end; resolves to what it wrote. */
export async function runLoad(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const child = startPinned(loadCore, program, args, { env, stdout: 'pipe' });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => (output += piece));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

/** Ends a program and waits for it. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill();
  await ended;
}

/** Moves this process, with all its threads, to the load's core. */
export async function pinMyself(): Promise<void> {
  await ended('taskset', ['-a', '-c', '-p', String(loadCore), String(process.pid)]);
}

async function ended(program: string, args: readonly string[]): Promise<void> {
  await once(spawn(program, args, { stdio: 'ignore' }), 'close');
}

/**
 * Goes before other work of the machine, with every program that is started from now on. Needs root. In real time, nothing else runs
 * while one of them wants to: only for sections that are mostly idle.
 */
export async function takePriority(realTime: boolean): Promise<void> {
  setPriority(-20);
  // Where the kernel groups programs by session, only the group's own priority counts against other sessions (sched(7)).
  await writeFile('/proc/self/autogroup', '-20').catch(() => undefined);
  await ended('chrt', [...(realTime ? ['--rr', '--pid', '1'] : ['--other', '--pid', '0']), String(process.pid)]);
}

/** Milliseconds of CPU that a program has used, in all its threads. */
export async function cpuMilliseconds(pid: number): Promise<number> {
  const [user, system] = await cpuFields(pid);
  return user + system;
}

/** Milliseconds of CPU of this program and all that it has started. */
export async function ownCpuMilliseconds(): Promise<number> {
  const ended = await cpuFields(process.pid);
  const others = await Promise.all([...running].map(({ pid = 0 }) => cpuMilliseconds(pid).catch(() => 0)));
  return [...ended, ...others].reduce((sum, part) => sum + part, 0);
}

/** Fields 14 to 17 of proc(5), in milliseconds: user and system time, and those of children that have ended. */
async function cpuFields(pid: number): Promise<[number, number, number, number]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (index: number): number => Number(fields[index]) * 10;
  return [ticks(11), ticks(12), ticks(13), ticks(14)];
}

/** Resident kilobytes: now, and at most since {@link forgetPeak}. */
export async function residentKilobytes(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** Starts the peak of {@link residentKilobytes} anew. */
export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

/** Sockets that a program holds open. */
export async function openSockets(pid: number): Promise<number> {
  const folder = `/proc/${pid}/fd`;
  const targets = await Promise.all((await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return targets.filter((target) => target.startsWith('socket:')).length;
}
