// Event streams: what many idle ones cost and leave behind, and whether busy ones lose, reorder or delay events.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, inRepository, waitFor } from '@runlayer/local-platform';
import { startContender, watched, type ContenderName, type Ground, type Running } from './contender.ts';
import type { Heard } from './load/listen.ts';
import type { ProxyBenchmarkOptions } from '../command-line.ts';
import { cpuMilliseconds, end, endAll, loadCore, openSockets, residentKilobytes, startPinned } from './pinned.ts';
import { checkToolCall } from './probe.ts';
import type { Findings } from '../report.ts';
import { streamFindings, type Busy, type Idle } from './stream-findings.ts';

const idleStreams = 5_000;
const busyStreams = 1_000;
/** Long enough for the proxy to have written its comment lines. */
const idleSeconds = 17;

export async function measureStreams(names: readonly ContenderName[], ground: Ground, options: ProxyBenchmarkOptions): Promise<Findings> {
  const port = await freePort();
  const upstream = `http://127.0.0.1:${port}`;
  const seconds = Math.max(10, options.seconds);
  try {
    startPinned(loadCore, process.execPath, [inRepository('bench/src/proxy/load/upstream.ts')], { env: { PORT: String(port) } });
    const idle = new Map<ContenderName, Idle>();
    const busy = new Map<ContenderName, Busy>();
    let direct: Busy | undefined;
    for (const name of names) {
      const contender = await startContender(name, ground, port);
      for (let call = 0; call < 2_000; call += 1) await checkToolCall(contender.base);
      idle.set(name, await measureIdle(contender, upstream));
      direct ??= await measureBusy(upstream, undefined, upstream, seconds);
      busy.set(name, await measureBusy(contender.base, contender.pid, upstream, seconds));
      await end(contender.process);
    }
    return streamFindings({ idle, busy, direct, seconds, idleStreams, busyStreams });
  } finally {
    await endAll();
  }
}

async function measureIdle(contender: Running, upstream: string): Promise<Idle> {
  const { base, pid } = contender;
  const before = { kept: await keptBytes(contender), sockets: await openSockets(pid), resident: (await residentKilobytes(pid)).now };
  const listener = listen(base, idleStreams);
  const open = await allOpen(listener, idleStreams);
  if (open.refused === 0) await delay(idleSeconds * 1000);
  const { now: resident } = await residentKilobytes(pid);
  await ask(`${upstream}/events/announce`);
  const heard = await settled(listener, ({ announced }) => announced === open.accepted);
  await end(listener);
  const socketsKept = await lowest(async () => Math.max(0, (await openSockets(pid)) - before.sockets));
  const upstreamKept = await lowest(async () => Number(await ask(`${upstream}/events/open`)));
  return {
    heard,
    kilobytesEach: (resident - before.resident) / idleStreams,
    socketsKept,
    upstreamKept,
    kilobytesKept: await lowest(async () => ((await keptBytes(contender)) - before.kept) / 1024),
    megabytesAfter: ((await residentKilobytes(pid)).now - before.resident) / 1024,
  };
}

async function measureBusy(base: string, pid: number | undefined, upstream: string, seconds: number): Promise<Busy> {
  const expected = busyStreams * seconds;
  const listener = listen(base, busyStreams);
  await allOpen(listener, busyStreams);
  const cpu = pid === undefined ? 0 : await cpuMilliseconds(pid);
  await ask(`${upstream}/events/play?events=${seconds}`);
  const heard = await settled(listener, ({ ended, broken }) => ended + broken >= busyStreams, seconds + 10);
  const used = pid === undefined ? 0 : (await cpuMilliseconds(pid)) - cpu;
  await end(listener);
  return { heard, expected, cpuMicroseconds: (used * 1000) / expected };
}

function listen(base: string, streams: number): ChildProcess {
  const env = { BASE: base, STREAMS: String(streams) };
  return startPinned(loadCore, process.execPath, [inRepository('bench/src/proxy/load/listen.ts')], { env, ipc: true });
}

async function told(listener: ChildProcess): Promise<Heard> {
  const answer = once(listener, 'message');
  listener.send('tell');
  return ((await answer) as [Heard])[0];
}

function allOpen(listener: ChildProcess, streams: number): Promise<Heard> {
  return waitFor(`${streams} streams opening`, async () => {
    const heard = await told(listener);
    return heard.accepted + heard.refused === streams ? heard : undefined;
  });
}

/** What was heard once it is as it should be, or when the time is over. */
async function settled(listener: ChildProcess, good: (heard: Heard) => boolean, seconds = 10): Promise<Heard> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const heard = await told(listener);
    if (good(heard) || performance.now() > deadline) return heard;
    await delay(100);
  }
}

/** A number that should fall to zero: where it is after ten seconds at the latest. */
async function lowest(read: () => Promise<number>): Promise<number> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const value = await read();
    if (!(value > 0) || performance.now() > deadline) return value;
    await delay(100);
  }
}

async function ask(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/** Bytes that a Node program has in use; not a number for others. */
async function keptBytes(contender: Running): Promise<number> {
  const found = await watched(contender, 'collect');
  return found === undefined ? Number.NaN : found.heap + found.external;
}
