// Runs the real command as a process, with a home of its own and nothing of this environment that could reach it.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a process ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder to run in. */
export interface Sandbox {
  readonly folder: string;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished>;
  remove(): Promise<void>;
}

const bin = join(import.meta.dirname, '../../bin/runlayer.js');

/** Makes a folder that is home and working folder at once. */
export async function createSandbox(base: Readonly<Record<string, string>> = {}): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'runlayer-cli-'));
  const { PATH = '', DOCKER_HOST } = process.env;
  const start: Sandbox['start'] = (args, env = {}) =>
    spawn(process.execPath, [bin, ...args], {
      cwd: folder,
      env: { PATH, HOME: folder, ...(DOCKER_HOST === undefined ? {} : { DOCKER_HOST }), ...base, ...env },
    });
  return {
    folder,
    start,
    run: (args, env) => ended(start(args, env)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Waits for the end of a process and keeps what it wrote. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (piece: string) => (output[stream] += piece));
    child.stdin.end();
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}
