// Finds out for which architecture the command of a container is built, by reading the head of its file.
import type { Failure } from '@runlayer/provisioner';
import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import type { EngineArchitecture } from './architecture.ts';

/** `e_machine` of an ELF file. @see https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const machines: Readonly<Record<number, string>> = {
  3: '386',
  2: 'sparc',
  0x15: 'ppc64',
  0x16: 's390x',
  0x28: 'arm',
  0x3e: 'amd64',
  0xb7: 'arm64',
  0xf3: 'riscv64',
};

const block = 512;
/** Links and interpreters that are followed. */
const mostSteps = 8;
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * A better name for an exit at start, where the program is built for a machine that this engine is not.
 * The init process hides the kernel's "exec format error": it then looks for a shell, and says that no file was found.
 */
export async function withArchitecture(
  docker: Docker,
  info: ContainerInspectInfo,
  engine: EngineArchitecture,
  failure: Failure,
): Promise<Failure> {
  if (failure.code !== 'exited_at_start' || failure.evidence.exitCode === 0) return failure;
  const built = await commandArchitecture(docker, info).catch(() => undefined);
  const native = built === engine.own || (built === '386' && engine.own === 'amd64');
  if (built === undefined || native || engine.emulates(built) === true) return failure;
  return {
    code: 'wrong_architecture',
    message: `The program ${info.Path} in the image is built for ${built}, but this Docker engine runs ${engine.own}.`,
    fix: `Build the program for linux/${engine.own}; the image says nothing of what was copied into it.`,
    evidence: { ...failure.evidence, architecture: built },
  };
}

/** The architecture of the program a container starts, through links and `#!` lines; nothing where it cannot be told. */
async function commandArchitecture(docker: Docker, info: ContainerInspectInfo): Promise<string | undefined> {
  const path = (info.Config.Env ?? []).find((line) => line.startsWith('PATH='))?.slice('PATH='.length) ?? defaultPath;
  let file = info.Path;
  for (let step = 0; step < mostSteps; step += 1) {
    const head = await firstOf(docker, info, candidates(file, path, info.Config.WorkingDir));
    if (head === undefined) return undefined;
    if ('link' in head) file = new URL(head.link, `file://${head.at}`).pathname;
    else if (head.bytes.subarray(0, 2).toString('latin1') === '#!') file = /^#!\s*(\S+)/.exec(head.bytes.toString('latin1'))?.[1] ?? '';
    else return machineOf(head.bytes);
  }
  return undefined;
}

function candidates(file: string, path: string, folder: string): string[] {
  if (file.startsWith('/')) return [file];
  if (file.includes('/')) return [`${folder === '' ? '/' : folder}/${file}`];
  return path.split(':').map((part) => `${part}/${file}`);
}

function machineOf(bytes: Buffer): string | undefined {
  if (bytes.length < 20 || bytes.subarray(0, 4).toString('latin1') !== '\x7fELF') return undefined;
  const bigEndian = bytes[5] === 2;
  const machine = bigEndian ? bytes.readUInt16BE(18) : bytes.readUInt16LE(18);
  return machines[machine] ?? `machine ${machine}`;
}

type Head = { readonly at: string; readonly link: string } | { readonly at: string; readonly bytes: Buffer };

async function firstOf(docker: Docker, info: ContainerInspectInfo, paths: readonly string[]): Promise<Head | undefined> {
  for (const at of paths) {
    const head = await headOf(docker, info.Id, at).catch(() => undefined);
    if (head !== undefined) return head;
  }
  return undefined;
}

/** The engine sends a file as a tar archive: one block that describes it, then its bytes. Only the first two blocks are read. */
async function headOf(docker: Docker, id: string, at: string): Promise<Head | undefined> {
  const stream = await docker.getContainer(id).getArchive({ path: at });
  let start = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    start = Buffer.concat([start, chunk]);
    if (start.length >= 2 * block) break;
  }
  const type = String.fromCharCode(start[156] ?? 0);
  if (type === '2') return { at, link: start.subarray(157, 257).toString('utf8').replace(/\0.*$/s, '') };
  return type === '0' || type === '\0' ? { at, bytes: start.subarray(block, 2 * block) } : undefined;
}
