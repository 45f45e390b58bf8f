// Runs a program to its end and keeps what it wrote.
import { spawn } from 'node:child_process';
import { inRepository } from './repository.ts';

export interface Finished {
  /** Exit code, or -1 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process' environment; `undefined` removes a name. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which is then closed. Default: nothing. */
  readonly input?: string;
  /** Sees each piece of output as it comes. */
  readonly onOutput?: (piece: string) => void;
  /** Default 300 s. */
  readonly timeoutMs?: number;
}

export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: 'pipe',
      signal: AbortSignal.timeout(options.timeoutMs ?? 300_000),
    });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (piece: string) => {
        output[stream] += piece;
        options.onOutput?.(piece);
      });
    }
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, ...output }));
  });
}

/** Runs the `runlayer` command of this repository. */
export function runlayer(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return run(process.execPath, [inRepository('apps/cli/bin/runlayer.js'), ...args], options);
}

/** Bundles an example of this repository into its `dist` folder; throws with the bundler's words when it cannot. */
export async function buildExample(name: string): Promise<void> {
  const { code, stdout, stderr } = await run(inRepository('node_modules/.bin/pnpm'), [
    '--dir',
    inRepository(`examples/${name}`),
    'run',
    'build',
  ]);
  if (code !== 0) throw new Error(`examples/${name} could not be bundled:\n${stdout}${stderr}`);
}
