// Questions about task sizes: is a pair valid, what goes with a CPU size, what is the nearest pair that fits.
import { acceptedSizes, fargateSizes, type TaskSize, type TaskSizeRow } from './task-sizes.ts';

/** Whether `runlayer.yaml` accepts this pair. `cpu` in CPU units, `memory` in MiB. */
export function isAccepted(cpu: number, memory: number): boolean {
  return memoriesFor(cpu).includes(memory);
}

/** The memories in MiB that `runlayer.yaml` accepts for a CPU size, ascending; none for a size it does not accept. */
export function memoriesFor(cpu: number): readonly number[] {
  return memoriesIn(acceptedSizes, cpu);
}

/** Whether AWS Fargate takes this pair, be it accepted in `runlayer.yaml` or not. */
export function isFargateSize(cpu: number, memory: number): boolean {
  return memoriesIn(fargateSizes, cpu).includes(memory);
}

/**
 * The smallest accepted pair with at least this CPU and memory; when none is large enough, the largest accepted pair.
 * Memory that the wanted CPU cannot have raises the CPU, never the other way: 256 with 3072 gives 512 with 3072.
 *
 * @param cpu CPU units; not a number counts as 0.
 * @param memory MiB; not a number counts as 0.
 */
export function nearestPair(cpu: number, memory: number): TaskSize {
  const needed = { cpu: amount(cpu), memory: amount(memory) };
  for (const row of acceptedSizes) {
    const fitting = row.cpu >= needed.cpu ? row.memories.find((candidate) => candidate >= needed.memory) : undefined;
    if (fitting !== undefined) return { cpu: row.cpu, memory: fitting };
  }
  return largestNearest(needed);
}

// No pair fits both: keep what can be kept. Only the largest CPU size has the largest memory.
function largestNearest(needed: TaskSize): TaskSize {
  const { cpu, memories } = acceptedSizes.at(-1) ?? { cpu: 0, memories: [] };
  return { cpu, memory: memories.find((candidate) => candidate >= needed.memory) ?? memories.at(-1) ?? 0 };
}

function memoriesIn(rows: readonly TaskSizeRow[], cpu: number): readonly number[] {
  return rows.find((row) => row.cpu === cpu)?.memories ?? [];
}

function amount(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
