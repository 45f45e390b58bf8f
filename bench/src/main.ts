// Prints every benchmark as a ratio of two things measured in one run. `node bench/src/main.ts [config|cli|proxy]…` runs some of them.
import { cliBenchmarks } from './cli-start.ts';
import { configBenchmarks } from './config.ts';
import { proxyBenchmarks } from './proxy.ts';
import type { Outcome } from './ratio.ts';

const benchmarks: Readonly<Record<string, () => Promise<Outcome[]>>> = {
  config: configBenchmarks,
  cli: cliBenchmarks,
  proxy: proxyBenchmarks,
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}

for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const outcome of await benchmark()) console.log(describe(outcome));
}

function describe(outcome: Outcome): string {
  if ('skipped' in outcome) return `${outcome.name}: not measured, ${outcome.skipped}`;
  const { name, ours, other, than, unit } = outcome;
  return `${name}: ${(ours / other).toFixed(2)} × ${than} (${ours.toFixed(0)} and ${other.toFixed(0)} ${unit})`;
}
