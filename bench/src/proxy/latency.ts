// What a proxy that is not busy adds to the time of a call.
import { freePort, inRepository } from '@runlayer/local-platform';
import { median } from '../ratio.ts';
import { startAll, titles, type ContenderName, type Ground } from './contender.ts';
import type { Latency } from './load/latency.ts';
import { startAnswering } from './nginx.ts';
import type { ProxyBenchmarkOptions } from '../command-line.ts';
import { endAll, runLoad } from './pinned.ts';
import { checkToolCall } from './probe.ts';
import type { Bar, Findings } from '../report.ts';

/** Calls a second. */
const rate = 500;
/** Before the first round, so that no compiler works in the measured ones. */
const warmingRate = 2_000;

type Name = ContenderName | 'direct';
type Samples = Map<Name, Latency[]>;

export async function measureLatency(names: readonly ContenderName[], ground: Ground, options: ProxyBenchmarkOptions): Promise<Findings> {
  const port = await freePort();
  try {
    await startAnswering(ground.folder, port);
    const all = await startAll(names, ground, port);
    const targets: { name: Name; base: string }[] = [{ name: 'direct', base: `http://127.0.0.1:${port}` }, ...all];
    const samples: Samples = new Map(targets.map(({ name }) => [name, []]));
    for (const { base } of targets) {
      await checkToolCall(base);
      await load(base, warmingRate, Math.max(3, options.seconds));
    }
    for (let round = 0; round < options.rounds; round += 1) {
      for (const { name, base } of targets) samples.get(name)?.push(await load(base, rate, options.seconds));
    }
    return findings(samples, options);
  } finally {
    await endAll();
  }
}

async function load(base: string, callsPerSecond: number, seconds: number): Promise<Latency> {
  const env = { URL: `${base}/mcp`, RATE: String(callsPerSecond), SECONDS: String(seconds) };
  return JSON.parse(await runLoad(process.execPath, [inRepository('bench/src/proxy/load/latency.ts')], env)) as Latency;
}

function findings(samples: Samples, { rounds, seconds }: ProxyBenchmarkOptions): Findings {
  const rows = [...samples].map(([name, taken]) => [
    name === 'direct' ? 'direct' : titles[name],
    median(taken.map(({ p50 }) => p50)),
    median(taken.map(({ p99 }) => p99)),
    added(samples, name, 'p50'),
    added(samples, name, 'p99'),
    name === 'direct' ? '' : overNginx(samples, name),
  ]);
  const columns = ['', 'p50 µs', 'p99 µs', 'p50 added', 'p99 added', 'p50 added ÷ nginx'];
  const title = `Latency: one connection, ${rate} calls a second, medians of ${rounds} rounds of ${seconds} s`;
  return { tables: [{ title, columns, rows }], bars: bars(samples), notes: [] };
}

/** Microseconds over the direct way in the same round: the median of the rounds. */
function added(samples: Samples, name: Name, which: 'p50' | 'p99'): number {
  const direct = samples.get('direct') ?? [];
  return median((samples.get(name) ?? []).map((sample, round) => sample[which] - (direct[round]?.[which] ?? Number.NaN)));
}

function overNginx(samples: Samples, name: Name): number {
  const [direct = [], nginx = []] = [samples.get('direct'), samples.get('nginx')];
  const over = (sample: Latency | undefined, round: number): number => (sample?.p50 ?? Number.NaN) - (direct[round]?.p50 ?? Number.NaN);
  return median((samples.get(name) ?? []).map((sample, round) => over(sample, round) / over(nginx[round], round)));
}

function bars(samples: Samples): Bar[] {
  return (['ours', 'ours-token'] as const)
    .filter((name) => samples.has(name))
    .flatMap((name): Bar[] => [
      ...(samples.has('nginx')
        ? [{ name: `${titles[name]}, p50 added ÷ nginx's`, value: overNginx(samples, name), limit: 1.8, kind: 'at most' } as const]
        : []),
      { name: `${titles[name]}, p99 added`, value: added(samples, name, 'p99') / 1000, limit: 2.5, kind: 'at most', unit: 'ms' },
    ]);
}
