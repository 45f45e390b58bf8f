// A user's project on AWS: a Dockerfile, a program, runlayer.yaml, and both clients run in its folder.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { appendFile, copyFile, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository, pythonEnvironment, run, type Finished, type Platform } from '@runlayer/local-platform';
import { build } from 'tsup';
import { docker } from './deployments.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

/** The programs of the tests, made once. */
export interface Programs {
  /** One static binary, for an image that needs no base: see the comment at the head of its source for what it does. */
  readonly binary: string;
  /** A program for Node with everything in it. */
  readonly bundle: string;
  remove(): Promise<void>;
}

export async function buildPrograms(): Promise<Programs> {
  const folder = mkdtempSync(join(tmpdir(), 'runlayer-aws-programs-'));
  execFileSync('cc', ['-static', '-O2', '-o', join(folder, 'server'), inRepository('packages/docker-provisioner/fixtures/server.c')]);
  await build({
    config: false,
    entry: [inRepository('tests/fixtures/aws-program/program.ts')],
    outDir: folder,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    noExternal: [/.*/],
    // What is bundled calls require, which an ES module does not have.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    outExtension: () => ({ js: '.mjs' }),
    splitting: false,
    silent: true,
  });
  return {
    binary: join(folder, 'server'),
    bundle: join(folder, 'program.mjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Project extends Workspace {
  readonly name: string;
  /** The id that stands in runlayer.yaml. */
  id(): Promise<string>;
  /** Writes runlayer.yaml: `id` as it stands in it, 256 CPU units, port 8000, x86. */
  configure(wanted: Wanted): Promise<void>;
  /** The published client, as its users run it; it logs in to the registry with a Docker configuration of its own. */
  published(key: string, args: readonly string[], input?: string): Promise<Finished>;
}

export interface Wanted {
  readonly env?: Readonly<Record<string, string>>;
  /** Lines of `infrastructure`. */
  readonly infrastructure?: string;
  /** Deployed instead of what is built. */
  readonly image?: string;
  /** Default: none, so that any answer on the port will do. */
  readonly path?: string;
  /** `false`: the file states none. Default: x86. */
  readonly platform?: false;
}

export async function createProject(
  platform: Platform,
  programs: Programs,
  name: string,
  kind: 'binary' | 'bundle' = 'binary',
): Promise<Project> {
  const workspace = await createWorkspace(platform, kind === 'binary' ? 'tests/fixtures/aws' : 'tests/fixtures/aws-program');
  await copyFile(programs[kind], join(workspace.folder, kind === 'binary' ? 'server' : 'program.mjs'));
  // The emulator takes an image away with the first of its tags, and AWS with the last: so no two projects share one.
  await appendFile(join(workspace.folder, 'Dockerfile'), `LABEL project="${name}"\n`);
  // An image of its own: unlike ECR, the emulator takes a shared one away with the first of its tags that is removed.
  const label = `runlayer-test-project=${randomUUID()}`;
  await appendFile(join(workspace.folder, 'Dockerfile'), `LABEL ${label}\n`);
  const id = async (): Promise<string> => {
    const text = await readFile(join(workspace.folder, 'runlayer.yaml'), 'utf8').catch(() => '');
    return /^id: (\S+)$/m.exec(text)?.[1] ?? '';
  };
  return {
    ...workspace,
    name,
    id,
    configure: async (wanted) => workspace.write('runlayer.yaml', configOf(name, await id(), wanted)),
    published: (key, args, input = '') => runPublished(platform, workspace.folder, key, args, input),
    async remove() {
      await removeImages(label);
      await workspace.remove();
    },
  };
}

function configOf(name: string, id: string, { env = {}, infrastructure = '', image, path, platform }: Wanted): string {
  const variables = Object.entries(env).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  return [
    ...(id === '' ? [] : [`id: ${id}`]),
    `name: ${name}`,
    'runtime: docker',
    ...(image === undefined ? [] : [`image: ${image}`]),
    'service:',
    '  port: 8000',
    ...(path === undefined ? [] : [`  path: ${path}`]),
    'infrastructure:',
    '  cpu: 256',
    '  memory: 512',
    ...(platform === false ? [] : ['  platform: x86']),
    infrastructure,
    ...(variables.length === 0 ? [] : ['env:', ...variables]),
    '',
  ].join('\n');
}

async function runPublished(platform: Platform, folder: string, key: string, args: readonly string[], input: string): Promise<Finished> {
  const python = await pythonEnvironment('tests/python/published-client.txt');
  if (typeof python === 'string') throw new Error(python);
  const env = {
    HOME: folder,
    DOCKER_CONFIG: join(folder, '.docker'),
    RUNLAYER_TELEMETRY_DISABLED: '1',
    PYTHON_KEYRING_BACKEND: 'keyring.backends.fail.Keyring',
    COLUMNS: '200',
  };
  return run(`${python.bin}/runlayer`, ['--host', platform.url, '--secret', key, ...args], { cwd: folder, env, input });
}

/** All that was built with the label, whatever it is called now. */
async function removeImages(label: string): Promise<void> {
  for (const { Id } of await docker.listImages({ filters: { label: [label] } })) {
    await docker
      .getImage(Id)
      .remove({ force: true })
      .catch(() => {});
  }
}
