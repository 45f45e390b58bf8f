// Measures contenders in short turns, so that all of them meet the same disturbances.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { SigningKey } from '@runlayer/identity-forward';
import { inRepository } from '@runlayer/local-platform';
import { end } from '../proxy/pinned.ts';
import type { BenchmarkOptions } from '../command-line.ts';
import type { Order, Section, Turn } from './orders.ts';

/** CPU microseconds of one operation, by contender, one figure for each turn; those of one index come from neighbouring turns. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/** Short, so that turns which are compared meet the same neighbours on the machine. */
export const turnMilliseconds = 50;
/** V8 still compiles after the first thousands of operations. */
const warmingTurns = 40;

/** Measures these contenders of a section. */
export async function measure(
  section: Section,
  names: readonly string[],
  key: SigningKey,
  { rounds, seconds }: BenchmarkOptions,
): Promise<Samples> {
  const running = new Map(names.map((name) => [name, startWorker()]));
  try {
    for (const [name, child] of running) await warm(child, { kind: 'start', milliseconds: turnMilliseconds, section, name, key });
    const samples = new Map(names.map((name): [string, number[]] => [name, []]));
    const cycles = Math.round((rounds * seconds * 1000) / turnMilliseconds);
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      for (const [name, child] of running) samples.get(name)?.push(await costOf(child));
    }
    return samples;
  } finally {
    await Promise.all([...running.values()].map(end));
  }
}

function startWorker(): ChildProcess {
  return fork(inRepository('bench/src/identity/worker.ts'), { execArgv: [] });
}

async function warm(child: ChildProcess, start: Order): Promise<void> {
  await ask(child, start);
  for (let turn = 0; turn < warmingTurns; turn += 1) await ask(child, { kind: 'turn', milliseconds: turnMilliseconds });
}

/** CPU microseconds of one operation, from one turn. */
async function costOf(child: ChildProcess): Promise<number> {
  const { operations, cpuMicroseconds } = await ask(child, { kind: 'turn', milliseconds: turnMilliseconds });
  return cpuMicroseconds / operations;
}

/** The next message, or an error when there will be none: the process has then said on standard error why. */
async function ask(child: ChildProcess, order: Order): Promise<Turn> {
  const over = new AbortController();
  const { signal } = over;
  try {
    child.send(order);
    const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new Error('A contender ended before its turn was over.')));
    const [turn] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Turn];
    return turn;
  } finally {
    over.abort();
  }
}
