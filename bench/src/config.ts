// What reading a very large runlayer.yaml costs, against the YAML library's own parser.
import { parseConfig } from '@runlayer/config-schema';
import { substituteYaml } from '@runlayer/env-substitution';
import { parseDocument } from 'yaml';
import { cpuTime, inTurns, type Outcome } from './ratio.ts';

/** About 1 MB: thousands of env entries, each with a variable in it. */
function largeFile(): string {
  const head = 'name: large\nruntime: docker\nservice:\n  port: 8000\ninfrastructure:\n  cpu: 256\n  memory: 512\nenv:\n';
  const entries = Array.from(
    { length: 14_000 },
    (_, n) => `  VARIABLE_NUMBER_${n}: "prefix \${VALUE_${n % 50}:-default} and some more text"\n`,
  );
  return head + entries.join('');
}

// The library's own search for duplicate keys is quadratic; ours is not, so it is left out on its side.
export async function configBenchmarks(): Promise<Outcome[]> {
  const source = largeFile();
  const parse = (): number => cpuTime(() => parseDocument(source, { uniqueKeys: false }).toJS());
  const substituted = substituteYaml(source, () => undefined);
  const [validate, validateParse] = await inTurns(5, () => cpuTime(() => parseConfig(source)), parse);
  const [substitute, substituteParse] = await inTurns(5, () => cpuTime(() => substituteYaml(source, () => undefined)), parse);
  if (substituted.issues.length > 0 || parseConfig(substituted.text).config === undefined) throw new Error('The large file is not valid.');
  const size = `${(source.length / 1_000_000).toFixed(1)} MB`;
  return [
    { name: `validate ${size}`, ours: validate, other: validateParse, than: 'parsing it with yaml', unit: 'ms CPU' },
    { name: `substitute ${size}`, ours: substitute, other: substituteParse, than: 'parsing it with yaml', unit: 'ms CPU' },
  ];
}
