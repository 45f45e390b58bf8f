// A workload in the words of the Docker API: limits, hardening, labels.
import { variablesOf, type WorkloadSpec } from '@runlayer/provisioner';
import type { ContainerCreateOptions } from 'dockerode';
import { candidateName, labelsOf } from './labels.ts';
import type { Reach } from './options.ts';

/** What of the settings and the engine goes into a container. */
export interface Surroundings {
  readonly installation: string;
  readonly network: string;
  readonly reach: Reach;
  readonly extraHosts: readonly string[];
  readonly stopSeconds: number;
  /** CPUs of the engine: it refuses a limit above them. */
  readonly cpus: number;
}

/**
 * Docker's default capabilities without those that only serve to attack the neighbours or the host.
 * What stays (CHOWN, SETUID, NET_BIND_SERVICE and the like) is what images need that start as root and step down.
 * @see https://docs.docker.com/engine/security/#linux-kernel-capabilities
 */
export const droppedCapabilities: readonly string[] = ['AUDIT_WRITE', 'MKNOD', 'NET_RAW', 'SETFCAP', 'SETPCAP', 'SYS_CHROOT'];

const mebibyte = 1024 ** 2;

/** Settings of the container that runs a spec. It is not restarted while it starts: one attempt, then its cause is named. */
export function containerConfig(spec: WorkloadSpec, around: Surroundings): ContainerCreateOptions {
  const port = `${spec.port}/tcp`;
  const memory = spec.memoryMiB * mebibyte;
  return {
    name: candidateName(spec),
    Image: spec.image,
    Labels: labelsOf(spec, around.installation),
    Env: Object.entries(variablesOf(spec)).map(([name, value]) => `${name}=${value}`),
    ExposedPorts: { [port]: {} },
    StopTimeout: around.stopSeconds,
    HostConfig: {
      NetworkMode: around.network,
      // Port 0: the engine chooses a free one.
      PortBindings: around.reach === 'loopback' ? { [port]: [{ HostIp: '127.0.0.1', HostPort: '0' }] } : {},
      ExtraHosts: [...around.extraHosts],
      NanoCpus: Math.round(Math.min(spec.cpu / 1024, around.cpus) * 1e9),
      Memory: memory,
      // As much as Memory means: no swap. Without it a container over its limit crawls instead of being named.
      MemorySwap: memory,
      PidsLimit: 4096,
      CapDrop: [...droppedCapabilities],
      SecurityOpt: ['no-new-privileges'],
      Init: true,
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    },
  };
}
