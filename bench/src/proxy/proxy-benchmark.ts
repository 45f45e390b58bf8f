// The proxy's benchmark as a whole: what is there to be measured, section by section, and the bars at the end.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '@runlayer/identity-forward/sign';
import { commandMissing } from '@runlayer/test-services';
import { measureCalls } from './calls.ts';
import { contenderNames, titles, type ContenderName, type Ground } from './contender.ts';
import { buildGo, findGo } from './go-program.ts';
import { measureLatency } from './latency.ts';
import { measureMemory } from './memory.ts';
import { measureStreams } from './streams.ts';
import type { ProxyBenchmarkOptions, SectionName } from '../command-line.ts';
import { watchOtherWork } from '../other-work.ts';
import { pinMyself, takePriority } from './pinned.ts';
import { printProfiles } from './profile.ts';
import { type Findings, holds, printFindings } from '../report.ts';

type Measure = (names: readonly ContenderName[], ground: Ground, options: ProxyBenchmarkOptions) => Promise<Findings>;

interface Section {
  readonly measure: Measure;
  /** Programs without which it cannot run at all. */
  readonly needs: readonly string[];
  readonly contenders: readonly ContenderName[];
  /** Whether it leaves most of both cores free. */
  readonly mostlyIdle: boolean;
}

const sections: Readonly<Record<SectionName, Section>> = {
  calls: { measure: measureCalls, needs: ['wrk', 'nginx'], contenders: contenderNames, mostlyIdle: false },
  latency: {
    measure: measureLatency,
    needs: ['nginx'],
    contenders: ['nginx', 'go', 'go-signing', 'ours', 'ours-token', 'ours-token-node'],
    mostlyIdle: true,
  },
  memory: { measure: measureMemory, needs: [], contenders: ['nginx', 'go', 'undici', 'ours'], mostlyIdle: false },
  streams: { measure: measureStreams, needs: [], contenders: ['nginx', 'go', 'ours'], mostlyIdle: false },
};

/** Measures, prints, and resolves to whether every bar holds. */
export async function proxyBenchmark(options: ProxyBenchmarkOptions): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'runlayer-bench-'));
  try {
    if (commandMissing('taskset') === undefined) await pinMyself();
    const go = findGo();
    const goProgram = go === undefined ? undefined : await buildGo(go, folder);
    const found = await measureSections({ folder, goProgram, signingKey: generateSigningKey(), profile: options.profile }, options);
    if (options.profile !== undefined) console.error(await printProfiles(options.profile));
    if (options.json) console.log(JSON.stringify(found, undefined, 2));
    return Object.values(found).every(({ bars }) => bars.every(holds));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureSections(ground: Ground, options: ProxyBenchmarkOptions): Promise<Record<string, Findings>> {
  const found: Record<string, Findings> = {};
  for (const name of options.sections) {
    const findings = await measureSection(sections[name], ground, options);
    found[name] = findings;
    if (!options.json) console.log(printFindings(findings));
  }
  return found;
}

async function measureSection(section: Section, ground: Ground, options: ProxyBenchmarkOptions): Promise<Findings> {
  const missing = ['taskset', ...section.needs].map(commandMissing).filter((reason) => reason !== undefined);
  if (missing.length > 0) return { tables: [], bars: [], notes: [`Not measured: ${missing.join(', ')}.`] };
  const wanted = section.contenders.filter((name) => name !== 'hono' || options.hono);
  const absent = wanted.map((name) => contenderMissing(name, ground));
  const present = wanted.filter((_, index) => absent[index] === undefined);
  if (options.priority) await takePriority(section.mostlyIdle);
  const otherWork = await watchOtherWork();
  const findings = await section.measure(present, ground, options);
  return { ...findings, notes: [...absent.filter((reason) => reason !== undefined), ...findings.notes, await otherWork()] };
}

function contenderMissing(name: ContenderName, { goProgram }: Ground): string | undefined {
  const reason =
    name === 'nginx' ? commandMissing('nginx') : name.startsWith('go') && goProgram === undefined ? 'go is not installed' : undefined;
  return reason === undefined ? undefined : `${titles[name]} was not measured: ${reason}.`;
}
