// A figure of a benchmark: how one thing compares with another, measured in the same run, in turns.

export interface Ratio {
  /** What is compared, such as `validate 1 MB`. */
  readonly name: string;
  readonly ours: number;
  readonly other: number;
  /** What the other thing is. */
  readonly than: string;
  readonly unit: string;
}

/** Measured, or why it could not be. */
export type Outcome = Ratio | { readonly name: string; readonly skipped: string };

/** The middle of an odd number of measurements: one disturbed round does not move it. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Measures two things in turns, so that both meet the same disturbances. */
export async function inTurns(
  rounds: number,
  ours: () => number | Promise<number>,
  other: () => number | Promise<number>,
): Promise<[number, number]> {
  const taken: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    taken[0].push(await ours());
    taken[1].push(await other());
  }
  return [median(taken[0]), median(taken[1])];
}

/** CPU milliseconds that a synchronous piece of work takes in this process. */
export function cpuTime(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
