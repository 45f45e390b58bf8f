// Prints every benchmark as a ratio of two things measured in one run. `node bench/src/main.ts [config|cli|aws|identity|proxy]…` runs some.
import { awsBenchmark } from './aws/aws-benchmark.ts';
import { cliBenchmarks } from './cli-start.ts';
import { readCommandLine } from './command-line.ts';
import { configBenchmarks } from './config.ts';
import { identityBenchmark } from './identity/identity-benchmark.ts';
import { proxyBenchmark } from './proxy/proxy-benchmark.ts';
import type { Outcome } from './ratio.ts';

const { names: wanted, check, proxy, identity, aws } = commandLine();
const benchmarks: Readonly<Record<string, () => Promise<boolean>>> = {
  config: async () => printed(await configBenchmarks()),
  cli: async () => printed(await cliBenchmarks()),
  aws: () => awsBenchmark(aws),
  identity: () => identityBenchmark(identity),
  proxy: () => proxyBenchmark(proxy),
};
const unknown = wanted.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}

for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const good = await benchmark();
  if (!good && check) process.exitCode = 1;
}

function commandLine(): ReturnType<typeof readCommandLine> {
  try {
    return readCommandLine(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

/** Ratios without a bar are always good. */
function printed(outcomes: readonly Outcome[]): boolean {
  for (const outcome of outcomes) console.log(describe(outcome));
  return true;
}

function describe(outcome: Outcome): string {
  if ('skipped' in outcome) return `${outcome.name}: not measured, ${outcome.skipped}`;
  const { name, ours, other, than, unit } = outcome;
  return `${name}: ${(ours / other).toFixed(2)} × ${than} (${ours.toFixed(0)} and ${other.toFixed(0)} ${unit})`;
}
