// The CPU and memory pairs that a file may ask for, and what people write instead of their numbers.
import { acceptedSizes, isAccepted, memoriesFor, nearestPair } from '@runlayer/fargate-sizing';
import type { Complaint } from '../field.ts';

/** Every valid value of `cpu`. */
export const cpuValues: readonly number[] = acceptedSizes.map((row) => row.cpu);

/** Every value of `memory` that goes with some `cpu`, ascending. */
export const memoryValues: readonly number[] = [...new Set(acceptedSizes.flatMap((row) => row.memories))].toSorted(
  (one, other) => one - other,
);

/** What holds where the file gives neither: the smallest valid pair. */
export const defaultSize = { cpu: 256, memory: 512 } as const;

/** A complaint and which of the two keys it is about. */
export interface SizeComplaint extends Complaint {
  readonly key: 'cpu' | 'memory';
  readonly found?: string | undefined;
}

/**
 * Refuses what is not one of the 50 valid pairs, naming the nearest. Giving neither is fine, giving one is not.
 * `unread` is a memory that is there and faulty for another reason: only the cpu is checked then.
 */
export function checkSize(cpu: number | undefined, memory: number | 'unread' | undefined): SizeComplaint | undefined {
  const size = memory === 'unread' ? undefined : memory;
  if (cpu === undefined) return memory === undefined ? undefined : cpuMissing(size);
  if (!cpuValues.includes(cpu)) return cpuUnknown(cpu, size);
  if (memory === 'unread' || (size !== undefined && isAccepted(cpu, size))) return undefined;
  return memoryWrong(cpu, memoriesFor(cpu), size);
}

function memoryWrong(cpu: number, memories: readonly number[], memory: number | undefined): SizeComplaint {
  const expected = `one of ${memories.join(', ')} for cpu ${cpu}`;
  if (memory === undefined)
    return {
      key: 'memory',
      message: '`memory` is missing: it must be given together with `cpu`.',
      expected,
      suggestion: String(memories[0]),
    };
  return {
    key: 'memory',
    message: `\`memory\` ${memory} does not go with \`cpu\` ${cpu}; valid are ${memories.join(', ')}.`,
    found: String(memory),
    expected,
    suggestion: String(closest(memories, memory)),
    hint: pairHint(cpu, memory),
  };
}

function cpuMissing(memory: number | undefined): SizeComplaint {
  return { key: 'cpu', message: '`cpu` is missing: it must be given together with `memory`.', ...cpuAdvice(defaultSize.cpu, memory) };
}

function cpuUnknown(cpu: number, memory: number | undefined): SizeComplaint {
  // `cpu: 1` is meant as one vCPU.
  return {
    key: 'cpu',
    message: `\`cpu\` must be one of ${cpuValues.join(', ')}.`,
    found: String(cpu),
    ...cpuAdvice(cpuOf(cpu) ?? cpu, memory),
  };
}

function cpuAdvice(cpu: number, memory: number | undefined): Pick<Complaint, 'expected' | 'suggestion' | 'hint'> {
  const pair = nearestPair(cpu, memory ?? 0);
  return {
    expected: `one of ${cpuValues.join(', ')}`,
    suggestion: String(pair.cpu),
    hint: memory === undefined ? undefined : pairHint(cpu, memory),
  };
}

function pairHint(cpu: number, memory: number): string {
  const pair = nearestPair(cpu, memory);
  return `The nearest valid pair that is large enough is cpu: ${pair.cpu}, memory: ${pair.memory}.`;
}

/** The nearest of some numbers; the larger where two are as near. */
function closest(numbers: readonly number[], wanted: number): number | undefined {
  return numbers.toSorted((one, other) => Math.abs(one - wanted) - Math.abs(other - wanted) || other - one)[0];
}

/** CPU units that were meant by vCPUs or with a unit: `0.25`, `1 vCPU`, `512m`. Undefined where nothing valid was surely meant. */
export function cpuOf(value: string | number): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(m|vcpus?|cpus?|units?)?\s*$/i.exec(String(value).slice(0, 32));
  if (match === null) return undefined;
  const number = Number(match[1]);
  const unit = match[2]?.toLowerCase();
  const units = unit === 'm' ? (number * 1024) / 1000 : unit?.includes('cpu') === true || number <= 4 ? number * 1024 : number;
  return cpuValues.find((cpu) => Math.abs(cpu - units) / cpu < 0.05);
}

/** Megabytes that were meant with a unit: `1GB`, `512 MiB`, `2g`. */
export function memoryOf(value: string | number): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(g|m)i?b?\s*$/i.exec(String(value).slice(0, 32));
  if (match === null) return undefined;
  return Math.round(Number(match[1]) * (match[2]?.toLowerCase() === 'g' ? 1024 : 1));
}
