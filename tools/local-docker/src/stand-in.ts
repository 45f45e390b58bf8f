// A stand-in for an image of Node: this machine's own Node and the libraries it needs, nothing else.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import tar from 'tar-fs';

const run = promisify(execFile);

/** Marks an image as a stand-in, so that it can be told from the real one. */
export const standInLabel = 'com.runlayer.stand-in';

const texts: Readonly<Record<string, string>> = {
  'etc/passwd': 'root:x:0:0:root:/root:/sbin/nologin\nnode:x:1000:1000::/home/node:/sbin/nologin\n',
  'etc/group': 'root:x:0:\nnode:x:1000:\n',
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};
const certificates = '/etc/ssl/certs/ca-certificates.crt';

/** Makes the image and gives it the name. Throws where this machine's Node cannot run in the engine's containers. */
export async function makeStandIn(docker: Docker, reference: string): Promise<void> {
  await checkMachine(docker);
  const folder = await mkdtemp(join(tmpdir(), 'runlayer-stand-in-'));
  try {
    await fillRoot(folder);
    // Links in the folder point at this machine's files: what is packed is what they point at.
    const archive = tar.pack(folder, { dereference: true, map: imageHeader });
    const imported = await docker.importImage(archive, importOptions(reference));
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(imported, (error: Error | null, events: { error?: string }[]) => {
        const fault = error?.message ?? events?.find((event) => event.error !== undefined)?.error;
        if (fault === undefined) resolve();
        else reject(new Error(`the engine did not take the stand-in for ${reference}: ${fault}`));
      });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkMachine(docker: Docker): Promise<void> {
  const engine = await docker.version();
  const own = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  if (process.platform === 'linux' && engine.Os === 'linux' && engine.Arch === own) return;
  throw new Error(
    `no stand-in can be made: Node is for ${process.platform}/${process.arch} here, the Docker engine runs ${engine.Os}/${engine.Arch}`,
  );
}

async function fillRoot(folder: string): Promise<void> {
  for (const path of ['tmp', 'home/node', 'root', 'app']) await mkdir(join(folder, path), { recursive: true });
  for (const [path, text] of Object.entries(texts)) await place(folder, path, (target) => writeFile(target, text));
  const files = [...(await librariesOf(process.execPath)), certificates].filter((path) => existsSync(path));
  for (const path of new Set(files)) await place(folder, path, (target) => symlink(path, target));
  await place(folder, 'usr/local/bin/node', (target) => symlink(process.execPath, target));
}

async function place(folder: string, path: string, put: (target: string) => Promise<void>): Promise<void> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  await put(target);
}

async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await run('ldd', [program]);
  const libraries = parseLdd(stdout);
  // Looked up by name when a host name is resolved, so ldd does not know them.
  const resolvers = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'];
  const libc = libraries.find((path) => basename(path).startsWith('libc.so'));
  return libc === undefined ? libraries : [...libraries, ...resolvers.map((name) => join(dirname(libc), name))];
}

/** The files that the output of `ldd` names: libraries and the loader. @see ldd(1) */
export function parseLdd(output: string): string[] {
  return output
    .split('\n')
    .map((line) => /(?:=>\s+|^\s*)(\/\S+)\s+\(0x/.exec(line)?.[1])
    .filter((path) => path !== undefined);
}

/** Owner and mode in the image do not depend on the user and the umask here. */
function imageHeader(header: tar.Headers): tar.Headers {
  const owner = header.name === 'home/node' ? 1000 : 0;
  return Object.assign(header, { uid: owner, gid: owner, mode: imageMode(header) });
}

function imageMode({ name, type, mode }: tar.Headers): number {
  if (name === 'tmp') return 0o1777;
  return type === 'directory' || (mode & 0o111) !== 0 ? 0o755 : 0o644;
}

function importOptions(reference: string): object {
  const colon = reference.lastIndexOf(':');
  const changes = [
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `ENV NODE_VERSION=${process.versions.node}`,
    'CMD ["node"]',
    `LABEL ${standInLabel}=true`,
  ];
  return { repo: reference.slice(0, colon), tag: reference.slice(colon + 1), changes, message: 'stand-in made from a local Node' };
}
