// What can be asked of the proxy's benchmark on the command line.
import { parseArgs } from 'node:util';

export const sectionNames = ['calls', 'latency', 'memory', 'streams'] as const;
export type SectionName = (typeof sectionNames)[number];

export interface ProxyBenchmarkOptions {
  /** How often each contender is measured, in turns. */
  readonly rounds: number;
  /** How long one measurement takes. */
  readonly seconds: number;
  readonly sections: readonly SectionName[];
  /** Whether Hono is measured too. */
  readonly hono: boolean;
  /** Folder for CPU profiles of the Node contenders; makes them slower. */
  readonly profile: string | undefined;
  /** Whether the benchmark goes before other work of the machine; needs root. */
  readonly priority: boolean;
  readonly json: boolean;
  /** Whether a missed bar makes the command fail. */
  readonly check: boolean;
}

/** The names of the benchmarks, and the options of the proxy's. Throws with a sentence for what cannot be read. */
export function readCommandLine(args: readonly string[]): { names: string[]; proxy: ProxyBenchmarkOptions } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '3' },
      only: { type: 'string', multiple: true },
      hono: { type: 'boolean', default: false },
      priority: { type: 'boolean', default: false },
      profile: { type: 'string' },
      json: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  });
  const { hono, profile, priority, json, check } = values;
  const proxy = {
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    hono,
    profile,
    priority,
    json,
    check,
  };
  return { names: positionals, proxy: { ...proxy, sections: values.only?.map(sectionName) ?? sectionNames } };
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
