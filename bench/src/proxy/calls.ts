// Saturated small calls: how many a proxy answers in a second on one core, and what CPU each costs.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@runlayer/local-platform';
import { median } from '../ratio.ts';
import { startAll, titles, type ContenderName, type Ground, type Running, watched } from './contender.ts';
import { requestHeaders, toolAnswer, toolCall } from './identity.ts';
import { startAnswering } from './nginx.ts';
import type { ProxyBenchmarkOptions } from '../command-line.ts';
import { cpuMilliseconds, endAll, runLoad } from './pinned.ts';
import { checkIdentity, checkRecords, checkToolCall, requestsSeen } from './probe.ts';
import type { Bar, Findings } from '../report.ts';

const connections = 64;
/** V8 still compiles after the first ten thousands of calls. */
const warmingSeconds = 8;

/** One contender in one round. */
interface Sample {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  /** Share of its core that the contender used: well below 1, something else was the limit. */
  readonly busy: number;
}

type Samples = Map<ContenderName, Sample[]>;

export async function measureCalls(names: readonly ContenderName[], ground: Ground, options: ProxyBenchmarkOptions): Promise<Findings> {
  const port = await freePort();
  try {
    await startAnswering(ground.folder, port);
    const all = await startAll(names, ground, port);
    const script = await writeScript(ground.folder);
    for (const contender of all) await checkIdentity(contender, ground.signingKey);
    const samples: Samples = new Map(names.map((name) => [name, []]));
    for (const contender of all) await measure(contender, script, port, warmingSeconds);
    for (let round = 0; round < options.rounds; round += 1) {
      for (const contender of all) samples.get(contender.name)?.push(await measure(contender, script, port, options.seconds));
    }
    const found = findings(samples, options);
    return { ...found, notes: [...found.notes, ...(await signers(all))] };
  } finally {
    await endAll();
  }
}

async function writeScript(folder: string): Promise<string> {
  const file = join(folder, 'call.lua');
  const headers = Object.entries(requestHeaders).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`);
  await writeFile(file, [`wrk.method = "POST"`, `wrk.body = '${toolCall}'`, ...headers, ''].join('\n'));
  return file;
}

async function measure(contender: Running, script: string, upstream: number, seconds: number): Promise<Sample> {
  const { base, pid, name } = contender;
  await checkToolCall(base);
  const before = await watched(contender);
  const seen = await requestsSeen(upstream);
  const cpu = await cpuMilliseconds(pid);
  const output = await runLoad('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, `${base}/mcp`]);
  const used = (await cpuMilliseconds(pid)) - cpu;
  const arrived = (await requestsSeen(upstream)) - seen;
  const finished = readWrk(output);
  await checkToolCall(base);
  // wrk leaves calls behind that it does not count: at most one for each connection.
  if (arrived < finished.count || arrived > finished.count + connections + 3)
    throw new Error(`${name} answered ${finished.count} calls, and ${arrived} reached the upstream.`);
  checkRecords(name, before, await watched(contender), finished.count);
  return {
    perSecond: finished.count / finished.seconds,
    cpuMicroseconds: (used * 1000) / finished.count,
    busy: used / 1000 / finished.seconds,
  };
}

/** Throws when an answer was not a whole 200. */
function readWrk(output: string): { count: number; seconds: number } {
  const [, count, seconds, size, unit] = /(\d+) requests in ([\d.]+)s, ([\d.]+)([KMG]?)B read/.exec(output) ?? [];
  const bytes = Number(size) * { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[(unit ?? '') as '' | 'K' | 'M' | 'G'];
  const each = bytes / Number(count);
  if (!(Number(count) > 0) || /Non-2xx|Socket errors/.test(output) || each < toolAnswer.length)
    throw new Error(`wrk found faults:\n${output}`);
  return { count: Number(count), seconds: Number(seconds) };
}

function findings(samples: Samples, { rounds, seconds }: ProxyBenchmarkOptions): Findings {
  const rows = [...samples].map(([name, taken]) => [
    titles[name],
    median(taken.map((sample) => sample.perSecond)),
    median(taken.map((sample) => sample.cpuMicroseconds)),
    cpuRatio(samples, name, 'nginx'),
    rate(samples, name, 'nginx'),
    rate(samples, name, 'go'),
    rate(samples, name, 'go-signing'),
    `${Math.round(busy(samples, name) * 100)} %`,
  ]);
  const columns = ['', 'req/s', 'CPU µs', 'CPU ÷ nginx', 'req/s ÷ nginx', '÷ Go', '÷ signing Go', 'core used'];
  const title = `Small calls, saturated: ${connections} connections, POST tools/call, medians of ${rounds} rounds of ${seconds} s`;
  return { tables: [{ title, columns, rows }], bars: bars(samples), notes: notes(samples) };
}

/** Requests a second of one over another's: the median of the rounds' ratios. */
function rate(samples: Samples, name: ContenderName, other: ContenderName): number {
  return ratio(samples, name, other, (sample) => sample.perSecond);
}

function cpuRatio(samples: Samples, name: ContenderName, other: ContenderName): number {
  return ratio(samples, name, other, (sample) => sample.cpuMicroseconds);
}

function ratio(samples: Samples, name: ContenderName, other: ContenderName, read: (sample: Sample) => number): number {
  const [ours = [], theirs = []] = [samples.get(name), samples.get(other)];
  return median(ours.map((sample, round) => read(sample) / (theirs[round] === undefined ? Number.NaN : read(theirs[round]))));
}

/** Whether a contender was its own limit. */
function isSaturated(samples: Samples, name: ContenderName): boolean {
  return busy(samples, name) >= 0.9;
}

function busy(samples: Samples, name: ContenderName): number {
  return median((samples.get(name) ?? []).map((sample) => sample.busy));
}

function bars(samples: Samples): Bar[] {
  return [
    ...bar(samples, 'ours', 'nginx', 0.28, 0.36),
    ...bar(samples, 'ours', 'go', 1.6, 2.2),
    ...bar(samples, 'ours-token', 'nginx', 0.16, 0.25),
    ...bar(samples, 'ours-token', 'go-signing', 1.4, 2),
    ...bar(samples, 'ours-token-node', 'nginx', 0.12),
    ...bar(samples, 'ours-token-node', 'go-signing', 1.1),
  ];
}

/** Where one of the two did not have its core for itself, what each could do on a whole core follows from its CPU time. */
function bar(samples: Samples, name: ContenderName, other: ContenderName, limit: number, aim?: number): Bar[] {
  if (!samples.has(name) || !samples.has(other)) return [];
  const counted = isSaturated(samples, name) && isSaturated(samples, other);
  const value = counted ? rate(samples, name, other) : cpuRatio(samples, other, name);
  const title = `${titles[name]}: calls a core ÷ ${titles[other]}${counted ? '' : ', from CPU time'}`;
  return [{ name: title, value, limit, kind: 'at least', ...(aim === undefined ? {} : { aim }) }];
}

function notes(samples: Samples): string[] {
  const limited = [...samples.keys()].filter((name) => !isSaturated(samples, name));
  if (limited.length === 0) return [];
  const list = limited.map((name) => `${titles[name]} (${Math.round(busy(samples, name) * 100)} %)`).join(', ');
  return [`Not limited by its own core, so req/s says little: ${list}.`];
}

/** Which engine signed: without it the two ways of signing could be the same one. */
async function signers(all: readonly Running[]): Promise<string[]> {
  const signing = all.filter(({ name }) => name.startsWith('ours-'));
  const found = await Promise.all(signing.map(async (contender) => (await watched(contender))?.sodium));
  return signing.map(({ name }, index) => `${titles[name]}: signed by ${found[index] === true ? 'sodium-native' : 'node:crypto'}.`);
}
