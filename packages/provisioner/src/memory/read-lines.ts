// Reads the log of an instance in memory, past lines and new ones.
import type { LogLine, LogOptions } from '../provisioner.ts';
import type { Instance } from './instance.ts';
import type { MemoryTarget } from './target.ts';

/** Lines of the serving instance; with `follow` also of its successors, until the signal or the end of the deployment. */
export async function* readLines(world: MemoryTarget, deploymentId: string, options: LogOptions): AsyncGenerator<LogLine, void, undefined> {
  const since = options.since === undefined ? 0 : Date.parse(options.since);
  let tail: number | undefined = options.tail ?? 1000;
  for (let instance = current(world, deploymentId); instance !== undefined;) {
    yield* linesOf(instance, since, tail, options);
    if (!options.follow || options.signal?.aborted) return;
    const next = current(world, deploymentId);
    // The same one again has crashed: it says nothing more, and nothing else has taken its place.
    if (next === instance) return;
    instance = next;
    tail = undefined;
  }
}

function current(world: MemoryTarget, deploymentId: string): Instance | undefined {
  const holding = world.holdings.get(deploymentId);
  return holding?.serving ?? holding?.candidate;
}

async function* linesOf(
  instance: Instance,
  since: number,
  tail: number | undefined,
  options: LogOptions,
): AsyncGenerator<LogLine, void, undefined> {
  const wanted = instance.lines.filter((line) => Date.parse(line.time) >= since);
  let read = instance.dropped + instance.lines.length;
  yield* tail === undefined ? wanted : wanted.slice(Math.max(0, wanted.length - tail));
  while (options.follow && !options.signal?.aborted && instance.state !== 'stopped') {
    if (read >= instance.dropped + instance.lines.length) await change(instance, options.signal);
    const fresh = instance.lines.slice(Math.max(0, read - instance.dropped));
    read = instance.dropped + instance.lines.length;
    yield* fresh;
  }
}

/** Resolves after the next line, the stop of the instance or the abort. */
function change(instance: Instance, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      instance.watchers.delete(done);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    instance.watchers.add(done);
    signal?.addEventListener('abort', done);
  });
}
