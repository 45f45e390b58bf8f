// What of the user's folder goes to the engine: checked, counted, then streamed.
import { lstatSync } from 'node:fs';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import tar from 'tar-fs';
import { imageError } from './error-codes.ts';
import { ignoreRules } from './ignore-rules.ts';
import type { IgnoreRules } from './ignore-rules.ts';

/** A folder that was found fit to build from. */
export interface BuildContext {
  readonly folder: string;
  /** Path of the Dockerfile as a person would write it. */
  readonly dockerfilePath: string;
  readonly dockerfileText: string;
  /** Name of the Dockerfile inside what is sent. */
  readonly dockerfileName: string;
  readonly rules: IgnoreRules;
}

const largestDockerfile = 4 * 1024 * 1024;
/** Name under which a Dockerfile travels that is not itself part of what is sent. */
const carriedName = '.dockerfile.runlayer';

/**
 * Finds the folder, the Dockerfile and its ignore rules.
 * @throws `ERR_BUILD_CONTEXT_MISSING`, `ERR_BUILD_DOCKERFILE_MISSING`, `ERR_BUILD_DOCKERFILE_INVALID` when empty or huge.
 */
export async function openContext(context: string, dockerfile: string): Promise<BuildContext> {
  const folder = resolve(context);
  const about = await stat(folder).catch(() => undefined);
  if (about?.isDirectory() !== true) {
    throw imageError(
      'ERR_BUILD_CONTEXT_MISSING',
      `The build context ${folder} ${about === undefined ? 'does not exist' : 'is not a folder'}.`,
    );
  }
  const path = resolve(folder, dockerfile);
  const dockerfileText = await readDockerfile(path, dockerfile);
  const rules = ignoreRules(await readIgnoreText(path, folder));
  const within = await nameWithin(folder, path);
  const dockerfileName = within === undefined || rules.ignores(within) ? carriedName : within;
  return { folder, dockerfilePath: isAbsolute(dockerfile) ? dockerfile : join(context, dockerfile), dockerfileText, dockerfileName, rules };
}

async function readDockerfile(path: string, written: string): Promise<string> {
  const about = await stat(path).catch(() => undefined);
  if (about?.isFile() !== true) {
    const hint =
      written === 'Dockerfile' ? 'Write one there, or set `build.dockerfile` to its path, relative to `build.context`.' : undefined;
    throw imageError('ERR_BUILD_DOCKERFILE_MISSING', `There is no Dockerfile at ${path}.`, { hint });
  }
  if (about.size > largestDockerfile)
    throw imageError('ERR_BUILD_DOCKERFILE_INVALID', `${path} is larger than 4 MiB, so it is hardly a Dockerfile.`);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw imageError('ERR_BUILD_DOCKERFILE_MISSING', `The Dockerfile at ${path} cannot be read.`, {
      hint: 'Make it readable for you.',
      cause,
    });
  });
  if (text.trim() === '')
    throw imageError('ERR_BUILD_DOCKERFILE_INVALID', `${path} is empty.`, {
      hint: 'Begin it with the image to build on, such as `FROM node:24-slim`.',
    });
  return text;
}

/** `<Dockerfile>.dockerignore` wins over the folder's `.dockerignore`. @see https://docs.docker.com/build/concepts/context/#filename-and-location */
async function readIgnoreText(dockerfile: string, folder: string): Promise<string> {
  for (const path of [`${dockerfile}.dockerignore`, join(folder, '.dockerignore')]) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return '';
}

/** The Dockerfile's path inside the context. A link is none: the engine would not follow it. */
async function nameWithin(folder: string, path: string): Promise<string | undefined> {
  const name = relative(folder, path);
  if (name.startsWith('..') || isAbsolute(name) || (await realpath(path)) !== join(await realpath(folder), name)) return undefined;
  return (await lstat(path)).isFile() ? slashes(name) : undefined;
}

/** What will be sent: bytes, number of files, and the first few `.env` files among them. */
export interface ContextMeasure {
  readonly bytes: number;
  readonly files: number;
  readonly envFiles: readonly string[];
}

const mostEnvFiles = 3;

/** Measures what will be sent. Memory stays bounded by the widest folder. */
export async function measureContext({ folder, rules }: BuildContext, signal?: AbortSignal): Promise<ContextMeasure> {
  let bytes = 0;
  let files = 0;
  const envFiles: string[] = [];
  const visit = async (below: string): Promise<void> => {
    signal?.throwIfAborted();
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      const ignored = rules.ignores(path);
      if (entry.isDirectory()) {
        if (!ignored || rules.mayKeepBelow(path)) await visit(path);
      } else if (!ignored && (entry.isFile() || entry.isSymbolicLink())) {
        files++;
        if (entry.name === '.env' && envFiles.length < mostEnvFiles) envFiles.push(path);
        if (entry.isFile()) bytes += (await lstat(join(folder, path))).size;
      }
    }
  };
  await visit('').catch((cause: unknown) => {
    throw unreadable(cause);
  });
  return { bytes, files, envFiles };
}

/** The folder as a tar archive: sorted, owned by root, with the modes and links it has. */
export function packContext(context: BuildContext): Readable {
  const options = {
    ignore: (path: string) => isLeftOut(context, path),
    // Without this a person's umask would decide over the modes in the image.
    umask: 0,
    sort: true,
    strict: false,
    map: imageHeader,
    finalize: false,
    finish: (pack: tar.Pack) => {
      if (context.dockerfileName === carriedName)
        pack.entry({ name: carriedName, mode: 0o644, mtime: new Date(0) }, context.dockerfileText);
      pack.finalize();
    },
  };
  return tar.pack(context.folder, options);
}

function isLeftOut({ folder, rules }: BuildContext, path: string): boolean {
  const name = slashes(relative(folder, path));
  if (name === '' || !rules.ignores(name)) return false;
  return !(rules.mayKeepBelow(name) && lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
}

function imageHeader(header: tar.Headers): tar.Headers {
  // Windows knows no mode for "may be run", so everything may be.
  const mode = process.platform === 'win32' ? header.mode | 0o755 : header.mode;
  return Object.assign(header, { uid: 0, gid: 0, mode });
}

/** Turns a fault of the file system into one that names the file; leaves other errors as they are. */
export function unreadable(cause: unknown): unknown {
  const { code, path } = cause as NodeJS.ErrnoException;
  if (path === undefined || code === undefined) return cause;
  const reason =
    code === 'EACCES' || code === 'EPERM'
      ? 'may not be read by you'
      : code === 'ENOENT'
        ? 'vanished while it was read'
        : `cannot be read (${code})`;
  return imageError('ERR_BUILD_CONTEXT_UNREADABLE', `${path} in the build context ${reason}.`, { cause });
}

function slashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
