// What the measurements say: tables of ratios, and the bars.
import { median } from '../ratio.ts';
import type { Bar, Findings, Table } from '../report.ts';
import { contenders } from './contenders.ts';
import type { Section } from './orders.ts';
import type { Samples } from './turns.ts';

/** A minted token costs at most this much of the fastest bare signature. */
const mintLimit = 1.25;
/** A verified one at most this much of the bare verification by the same engine. */
const verifyLimit = 1.15;

export function signingFindings(samples: Samples, title: string): Findings {
  const fastest = fastestBare('signing', samples);
  const bars = ['ours', 'ours-1000'].flatMap((name) => bar('signing', samples, name, fastest, mintLimit));
  return { tables: [table('signing', samples, title)], bars, notes: readyClaims(samples) };
}

export function verifyingFindings(samples: Samples, title: string): Findings {
  const pairs = [
    ['ours', 'web'],
    ['ours-16', 'web-16'],
    ['ours-node', 'node'],
    ['ours-node-16', 'node'],
    ['ours-sodium', 'sodium'],
    ['ours-sodium-16', 'sodium'],
  ] as const;
  const bars = pairs.flatMap(([name, bare]) => bar('verifying', samples, name, bare, verifyLimit));
  return { tables: [table('verifying', samples, title)], bars, notes: [] };
}

function table(section: Section, samples: Samples, title: string): Table {
  const fastest = fastestBare(section, samples);
  const columns = ['', 'CPU µs', 'a second and core', 'CPU ÷ node:crypto', '÷ fastest bare', '÷ jose'];
  const rows = [...samples].map(([name, taken]) => [
    titleOf(section, name),
    median(taken),
    1_000_000 / median(taken),
    ratio(samples, name, 'node'),
    ratio(samples, name, fastest),
    ratio(samples, name, 'jose'),
  ]);
  return { title, columns, rows };
}

/** The bare operation with the least CPU time. */
function fastestBare(section: Section, samples: Samples): string {
  const bare = [...samples.keys()].filter((name) => contenders[section][name]?.bare === true);
  const cost = (name: string): number => median(samples.get(name) ?? []);
  return bare.reduce((best, name) => (cost(name) < cost(best) ? name : best));
}

/** CPU time over another's: the median of the ratios of neighbouring turns. */
function ratio(samples: Samples, name: string, other: string): number {
  const [ours = [], theirs = []] = [samples.get(name), samples.get(other)];
  return median(ours.map((value, turn) => value / (theirs[turn] ?? Number.NaN)));
}

function bar(section: Section, samples: Samples, name: string, bare: string, limit: number): Bar[] {
  if (!samples.has(name) || !samples.has(bare)) return [];
  const title = `${titleOf(section, name)}: CPU ÷ ${titleOf(section, bare)}`;
  return [{ name: title, value: ratio(samples, name, bare), limit, kind: 'at most' }];
}

/** What it saves to keep the constant claims encoded. */
function readyClaims(samples: Samples): string[] {
  return ['node', 'sodium'].flatMap((engine) => {
    if (!samples.has(`plain-${engine}`) || !samples.has(`ours-${engine}`)) return [];
    const saved = 1 - ratio(samples, `ours-${engine}`, `plain-${engine}`);
    return [
      `Claims kept ready save ${Math.round(saved * 100)} % of a token, signed by ${engine === 'node' ? 'node:crypto' : 'sodium-native'}.`,
    ];
  });
}

function titleOf(section: Section, name: string): string {
  return contenders[section][name]?.title ?? name;
}
