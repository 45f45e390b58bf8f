// What can be asked of the benchmarks on the command line.
import { parseArgs } from 'node:util';

export const sectionNames = ['calls', 'latency', 'memory', 'streams'] as const;
export type SectionName = (typeof sectionNames)[number];

/** What every benchmark with bars understands. */
export interface BenchmarkOptions {
  /** How often everything is measured, in turns. */
  readonly rounds: number;
  /** How long one thing is measured in one round. */
  readonly seconds: number;
  readonly json: boolean;
}

export interface ProxyBenchmarkOptions extends BenchmarkOptions {
  readonly sections: readonly SectionName[];
  /** Whether Hono is measured too. */
  readonly hono: boolean;
  /** Folder for CPU profiles of the Node contenders; makes them slower. */
  readonly profile: string | undefined;
  /** Whether the benchmark goes before other work of the machine; needs root. */
  readonly priority: boolean;
}

export interface CommandLine {
  /** The benchmarks to run; none named means all. */
  readonly names: readonly string[];
  /** Whether a missed bar makes the command fail. */
  readonly check: boolean;
  readonly proxy: ProxyBenchmarkOptions;
  readonly identity: BenchmarkOptions;
  readonly aws: Pick<BenchmarkOptions, 'rounds' | 'json'>;
}

/** The names of the benchmarks, and the options of each. Throws with a sentence for what cannot be read. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string' },
      only: { type: 'string', multiple: true },
      hono: { type: 'boolean', default: false },
      priority: { type: 'boolean', default: false },
      profile: { type: 'string' },
      json: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  });
  const { hono, profile, priority, json, check } = values;
  const rounds = positive('rounds', values.rounds);
  const seconds = (usual: string): number => positive('seconds', values.seconds ?? usual);
  const sections = values.only?.map(sectionName) ?? sectionNames;
  return {
    names: positionals,
    check,
    proxy: { rounds, seconds: seconds('3'), json, sections, hono, profile, priority },
    identity: { rounds, seconds: seconds('1'), json },
    aws: { rounds, json },
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is ${text}: it must be a whole number from 1.`);
  return value;
}

function sectionName(text: string): SectionName {
  const found = sectionNames.find((name) => name === text);
  if (found === undefined) throw new Error(`--only is ${text}: it must be one of ${sectionNames.join(', ')}.`);
  return found;
}
