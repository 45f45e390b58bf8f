// The verb `logs`: the last lines of the tasks that serve, or of the last one that ran, and then what they and their successors write.
import type { LogLine, LogOptions } from '@runlayer/provisioner';
import { pause } from '@runlayer/provisioner/driver';
import type { AwsContext } from '../calls/context.ts';
import { newestStream, readForward, readTail, streamOf } from './log-streams.ts';
import { readTasks, taskIdOf } from './tasks.ts';

const defaultTail = 1000;
const longestLine = 8192;
/** Streams that are followed at a time; more than a service may have tasks, with those it had before. */
const mostStreams = 200;

/** Reads the log of a deployment. With `follow` it goes on over successors until the signal. */
export async function* readDeploymentLog(
  context: AwsContext,
  deploymentId: string,
  options: LogOptions,
): AsyncGenerator<LogLine, void, undefined> {
  const since = options.since === undefined ? undefined : Date.parse(options.since);
  const cursors = new Map<string, string | undefined>();
  const past: LogLine[] = [];
  for (const stream of await streamsOf(context, deploymentId, true)) {
    const part = await readTail(context, deploymentId, stream, options.tail ?? defaultTail, since);
    cursors.set(stream, part.cursor);
    past.push(...part.lines);
  }
  const tail = options.tail ?? defaultTail;
  yield* tail === 0 ? [] : byTime(past).slice(-tail);
  while (options.follow === true && (await waited(context))) yield* await readNew(context, deploymentId, cursors, since);
}

async function waited({ options, signal }: AwsContext): Promise<boolean> {
  return pause(options.pollMs, signal).then(
    () => true,
    () => false,
  );
}

async function readNew(
  context: AwsContext,
  deploymentId: string,
  cursors: Map<string, string | undefined>,
  since: number | undefined,
): Promise<LogLine[]> {
  const streams = new Set([...cursors.keys(), ...(await streamsOf(context, deploymentId, false))]);
  const lines: LogLine[] = [];
  for (const stream of streams) {
    const part = await readForward(context, deploymentId, stream, cursors.get(stream), since);
    cursors.set(stream, part.cursor);
    lines.push(...part.lines);
  }
  // Oldest first: a stream whose task is long gone gives nothing any more.
  for (const stream of [...cursors.keys()].slice(0, -mostStreams)) cursors.delete(stream);
  return byTime(lines);
}

/** Streams of the tasks that run; with `last` the stream of the last one that ran, where none does. */
async function streamsOf(context: AwsContext, deploymentId: string, last: boolean): Promise<string[]> {
  const running = await readTasks(context, deploymentId);
  if (running.length > 0 || !last) return running.map((task) => streamOf(context, deploymentId, taskIdOf(task)));
  const newest = await newestStream(context, deploymentId);
  return newest === undefined ? [] : [newest];
}

/** Stable, so that lines of the same millisecond stay in the order of their stream. */
function byTime(lines: readonly LogLine[]): LogLine[] {
  return lines.map(shortened).sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function shortened(line: LogLine): LogLine {
  return { ...line, line: line.line.slice(0, longestLine) };
}
