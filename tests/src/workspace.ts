// A project folder of a user: Dockerfile, program and runlayer.yaml, with a home of its own.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository, runlayer, type Finished, type Platform, type RunOptions } from '@runlayer/local-platform';

export interface Workspace {
  readonly folder: string;
  /** Runs `runlayer` here, with the platform's address and the admin's key in the environment. */
  runlayer(args: readonly string[], options?: RunOptions): Promise<Finished>;
  write(file: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/** Copies a fixture into a new folder. */
export async function createWorkspace(platform: Platform | undefined, fixture = 'tests/fixtures/echo'): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'runlayer-project-'));
  await cp(inRepository(fixture), folder, { recursive: true });
  const env = {
    HOME: folder,
    NO_COLOR: '1',
    RUNLAYER_HOST: platform?.url,
    RUNLAYER_API_KEY: platform?.adminKey,
  };
  return {
    folder,
    runlayer: (args, options = {}) => runlayer(args, { cwd: folder, ...options, env: { ...env, ...options.env } }),
    write: (file, text) => writeFile(join(folder, file), text),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A configuration of the echo server; `env` lines are appended as they are. */
export function echoConfig(name: string, env: Readonly<Record<string, string>> = {}, more = ''): string {
  const lines = Object.entries({ LISTEN: '8000', ...env }).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  return `name: ${name}\nruntime: docker\nservice:\n  port: 8000\n${more}infrastructure:\n  cpu: 256\n  memory: 512\nenv:\n${lines.join('\n')}\n`;
}
