// What is asked of the engine once: its CPUs, its architecture, whether it emulates others.
import { existsSync } from 'node:fs';
import type Docker from 'dockerode';
import { architectureName, type EngineArchitecture } from './architecture.ts';

/** Facts about an engine that do not change while it runs. */
export interface EngineFacts {
  readonly cpus: number;
  readonly architecture: EngineArchitecture;
  /** Whether its containers live behind a network stack of their own (a virtual machine, a rootless engine), so that their addresses mean nothing here. */
  readonly secluded: boolean;
}

/** Reads the facts at the first call; later calls get the same answer. A call that fails is made anew. */
export function engineFacts(docker: Docker): () => Promise<EngineFacts> {
  let known: Promise<EngineFacts> | undefined;
  return () => {
    known ??= read(docker).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

async function read(docker: Docker): Promise<EngineFacts> {
  const info = (await docker.info()) as { NCPU?: number; Architecture?: string; OperatingSystem?: string; SecurityOptions?: string[] };
  const desktop = (info.OperatingSystem ?? '').includes('Docker Desktop');
  const local = process.platform === 'linux' && (docker.modem as { socketPath?: unknown }).socketPath !== undefined;
  return {
    cpus: info.NCPU ?? 1,
    secluded: desktop || (info.SecurityOptions ?? []).some((option) => option.includes('name=rootless')),
    architecture: {
      own: architectureName(info.Architecture ?? 'amd64'),
      emulates: (architecture) => (desktop ? true : local ? hasHandler(architecture) : undefined),
    },
  };
}

const qemuName: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64', '386': 'i386' };

/** Whether the kernel hands programs of an architecture to an emulator. @see https://docs.kernel.org/admin-guide/binfmt-misc.html */
function hasHandler(architecture: string): boolean {
  const name = qemuName[architecture] ?? architecture;
  return [`qemu-${name}`, 'rosetta', 'FEX-x86_64'].some((handler) => existsSync(`/proc/sys/fs/binfmt_misc/${handler}`));
}
