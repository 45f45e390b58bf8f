// What a proxy's memory grows by while much passes through it, and while one side is slow.
import { freePort, inRepository } from '@runlayer/local-platform';
import { startContender, titles, type ContenderName, type Ground, type Running } from './contender.ts';
import type { Direction } from './load/transfer.ts';
import type { ProxyBenchmarkOptions } from '../command-line.ts';
import { endAll, forgetPeak, loadCore, residentKilobytes, runLoad, startPinned } from './pinned.ts';
import { checkToolCall } from './probe.ts';
import type { Bar, Findings } from '../report.ts';

const gigabyte = 1_000_000_000;
const megabyte = 1_000_000;

/** Megabytes that the resident size grew by at most, and bytes moved a second. */
interface Growth {
  readonly megabytes: number;
  readonly seconds: number;
}

type Growths = Readonly<Record<Direction, Growth>>;

export async function measureMemory(names: readonly ContenderName[], ground: Ground, options: ProxyBenchmarkOptions): Promise<Findings> {
  const port = await freePort();
  const slowSeconds = Math.max(8, options.seconds);
  const found = new Map<ContenderName, Growths>();
  try {
    startPinned(loadCore, process.execPath, [inRepository('bench/src/proxy/load/upstream.ts')], { env: { PORT: String(port) } });
    for (const name of names) {
      const contender = await startContender(name, ground, port);
      await warm(contender);
      found.set(name, {
        'download-slowly': await growth(contender, 'download-slowly', gigabyte, slowSeconds),
        'upload-slowly': await growth(contender, 'upload-slowly', gigabyte, slowSeconds),
        download: await growth(contender, 'download', gigabyte),
        upload: await growth(contender, 'upload', gigabyte),
      });
      contender.process.kill();
    }
    return findings(found, slowSeconds);
  } finally {
    await endAll();
  }
}

/** So much runs through before the first measurement that all code is loaded and compiled. */
async function warm(contender: Running): Promise<void> {
  for (let call = 0; call < 2_000; call += 1) await checkToolCall(contender.base);
  for (const direction of ['download', 'upload'] as const) {
    for (let turn = 0; turn < 3; turn += 1) await transfer(contender.base, direction, 10 * megabyte);
  }
}

async function growth({ base, pid }: Running, direction: Direction, bytes: number, seconds = 0): Promise<Growth> {
  const before = (await residentKilobytes(pid)).now;
  await forgetPeak(pid);
  const began = performance.now();
  await transfer(base, direction, bytes, seconds);
  const { peak } = await residentKilobytes(pid);
  return { megabytes: Math.max(0, peak - before) / 1024, seconds: (performance.now() - began) / 1000 };
}

async function transfer(base: string, direction: Direction, bytes: number, seconds = 0): Promise<void> {
  const env = { BASE: base, DIRECTION: direction, BYTES: String(bytes), SECONDS: String(seconds) };
  await runLoad(process.execPath, [inRepository('bench/src/proxy/load/transfer.ts')], env);
}

function findings(found: ReadonlyMap<ContenderName, Growths>, slowSeconds: number): Findings {
  const rows = [...found].map(([name, growths]) => [
    titles[name],
    growths.download.megabytes,
    growths.upload.megabytes,
    growths['download-slowly'].megabytes,
    growths['upload-slowly'].megabytes,
    gigabyte / megabyte / growths.download.seconds,
    gigabyte / megabyte / growths.upload.seconds,
  ]);
  const columns = ['', '1 GB down', '1 GB up', 'slow reader', 'slow upstream', 'MB/s down', 'MB/s up'];
  const title = `Memory: growth of the resident size in MB, peak over before; slow sides for ${slowSeconds} s`;
  return { tables: [{ title, columns, rows }], bars: bars(found.get('ours')), notes: [] };
}

function bars(ours: Growths | undefined): Bar[] {
  if (ours === undefined) return [];
  const bar = (name: string, { megabytes }: Growth, limit: number): Bar => ({
    name: `ours, growth ${name}`,
    value: megabytes,
    limit,
    kind: 'at most',
    unit: 'MB',
  });
  return [
    bar('while 1 GB comes down', ours.download, 96),
    bar('while 1 GB goes up', ours.upload, 96),
    bar('with a slow reader', ours['download-slowly'], 4),
    bar('with a slow upstream', ours['upload-slowly'], 4),
  ];
}
