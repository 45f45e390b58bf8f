// The program as a process of its own, for tests.
import { type ChildProcess, spawn } from 'node:child_process';

const program = new URL('../../bin/runlayer-server.js', import.meta.url).pathname;
const running: ChildProcess[] = [];

/** A process and what it wrote. */
export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Resolves with standard output once it matches; rejects when the program ends before. */
  printed(pattern: RegExp): Promise<string>;
  /** The same for standard error. */
  noted(pattern: RegExp): Promise<string>;
}

/** Starts it with nothing in its environment but what is given, and no Docker engine. */
export function start(environment: Readonly<Record<string, string>>, ...args: string[]): Run {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH, HOME, DOCKER_HOST: 'tcp://127.0.0.1:1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const wrote = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (part) => (wrote[name] += String(part)));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, ...wrote })),
  );
  const until = (name: 'stdout' | 'stderr', pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => pattern.test(wrote[name]) && resolve(wrote[name]);
      child[name].on('data', look);
      void ended.then(() => reject(new Error(`ended: ${wrote.stdout}${wrote.stderr}`)));
      look();
    });
  return { child, ended, printed: (pattern) => until('stdout', pattern), noted: (pattern) => until('stderr', pattern) };
}

/** Ends every process that was started. */
export function stopAll(): void {
  for (const child of running.splice(0)) child.kill('SIGKILL');
}
