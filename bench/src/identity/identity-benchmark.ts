// What identity tokens cost: minting and verifying, against bare signatures and against jose.
import { generateSigningKey } from '@runlayer/identity-forward/sign';
import { type Findings, holds, printFindings } from '../report.ts';
import type { BenchmarkOptions } from '../command-line.ts';
import { watchOtherWork } from '../other-work.ts';
import { loadSodium } from './bare-sodium.ts';
import { contenders } from './contenders.ts';
import { signingFindings, verifyingFindings } from './findings.ts';
import type { Section } from './orders.ts';
import { measure, turnMilliseconds } from './turns.ts';

const sections = { signing: signingFindings, verifying: verifyingFindings } as const;

/** Measures, prints, and resolves to whether every bar holds. */
export async function identityBenchmark(options: BenchmarkOptions): Promise<boolean> {
  const found: Partial<Record<Section, Findings>> = {};
  for (const section of ['signing', 'verifying'] as const) {
    const findings = await measureSection(section, options);
    found[section] = findings;
    if (!options.json) console.log(printFindings(findings));
  }
  if (options.json) console.log(JSON.stringify(found, undefined, 2));
  return Object.values(found).every(({ bars }) => bars.every(holds));
}

async function measureSection(section: Section, options: BenchmarkOptions): Promise<Findings> {
  const all = Object.keys(contenders[section]);
  const names = loadSodium() === undefined ? all.filter((name) => !name.includes('sodium')) : all;
  const otherWork = await watchOtherWork();
  const samples = await measure(section, names, generateSigningKey(), options);
  const turns = `medians of ${samples.values().next().value?.length} turns of ${turnMilliseconds} ms`;
  const title = `${section === 'signing' ? 'Signing' : 'Verifying'}: CPU of all threads, ${turns}`;
  const findings = sections[section](samples, title);
  const missing = names.length === all.length ? [] : ['sodium-native is not installed: nothing of it was measured.'];
  return { ...findings, notes: [...missing, ...findings.notes, await otherWork()] };
}
