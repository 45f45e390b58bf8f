// The log streams of a deployment's tasks, read backwards for the last lines and forwards for new ones.
import {
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  type GetLogEventsCommandOutput,
  type OutputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogLine } from '@runlayer/provisioner';
import { pause, type Redaction } from '@runlayer/provisioner/driver';
import { unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { streamPrefix } from '../definition/task-definition.ts';

/** Name of the log stream of a task, as the log driver makes it. */
export function streamOf({ names }: AwsContext, deploymentId: string, taskId: string): string {
  return `${streamPrefix}/${names(deploymentId).container}/${taskId}`;
}

/** Part of a stream, and where it goes on. */
export interface Part {
  readonly lines: LogLine[];
  /** For {@link readForward}; left out where there is no such stream yet. */
  readonly cursor?: string | undefined;
}

/** So many empty pages in a row end a read, whatever their tokens say. */
const mostEmptyPages = 10;

/**
 * The last lines of a stream, at or after a time. Pages back until there are enough. A page may be empty although others follow.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
export async function readTail(
  { clients, names, signal }: AwsContext,
  deploymentId: string,
  stream: string,
  tail: number,
  since?: number,
): Promise<Part> {
  const { logGroup } = names(deploymentId);
  let events: OutputLogEvent[] = [];
  let back: string | undefined;
  let forward: string | undefined;
  let empty = 0;
  while (events.length < tail || forward === undefined) {
    const command = new GetLogEventsCommand({
      logGroupName: logGroup,
      logStreamName: stream,
      startTime: since,
      limit: Math.min(Math.max(tail, 1), 10_000),
      nextToken: back,
      // A token carries its direction.
      ...(back === undefined ? { startFromHead: false } : {}),
    });
    const page: GetLogEventsCommandOutput | undefined = await unlessGone(clients.logs.send(command, { abortSignal: signal }));
    if (page === undefined) return { lines: [] };
    forward ??= page.nextForwardToken ?? '';
    events = [...(page.events ?? []), ...events];
    empty = (page.events ?? []).length === 0 ? empty + 1 : 0;
    // The same token comes back at the beginning of the stream.
    if (page.nextBackwardToken === undefined || page.nextBackwardToken === back || empty >= mostEmptyPages) break;
    back = page.nextBackwardToken;
  }
  return { lines: tail === 0 ? [] : events.slice(-tail).map(lineOf), cursor: forward };
}

/** New lines of a stream: after a cursor, or from its beginning. */
export async function readForward(
  { clients, names, signal }: AwsContext,
  deploymentId: string,
  stream: string,
  cursor?: string,
  since?: number,
): Promise<Part> {
  const lines: LogLine[] = [];
  let token = cursor;
  for (;;) {
    const command = new GetLogEventsCommand({
      logGroupName: names(deploymentId).logGroup,
      logStreamName: stream,
      startFromHead: true,
      startTime: since,
      nextToken: token,
    });
    const page = await unlessGone(clients.logs.send(command, { abortSignal: signal }));
    if (page === undefined) return { lines, cursor: token };
    lines.push(...(page.events ?? []).map(lineOf));
    // The same token comes back once there is no more for now.
    if (page.nextForwardToken === token || (page.events ?? []).length === 0) return { lines, cursor: page.nextForwardToken ?? token };
    token = page.nextForwardToken;
  }
}

/**
 * CloudWatch does not keep which of the two streams a line was written to. The line is whole: whoever cuts it short
 * takes the secrets out first, so that half a secret never stays.
 */
function lineOf({ timestamp = 0, message = '' }: OutputLogEvent): LogLine {
  return { time: new Date(timestamp).toISOString(), stream: 'stdout', line: message.replace(/\r?\n$/, '') };
}

/** The stream that was written to last, or nothing. */
export async function newestStream({ clients, names, signal }: AwsContext, deploymentId: string): Promise<string | undefined> {
  const command = new DescribeLogStreamsCommand({
    logGroupName: names(deploymentId).logGroup,
    orderBy: 'LastEventTime',
    descending: true,
    limit: 1,
  });
  return (await unlessGone(clients.logs.send(command, { abortSignal: signal })))?.logStreams?.[0]?.logStreamName;
}

/** How often the lines of a task that ended are looked for: they arrive a moment after the end is known. */
const evidenceTries = 4;

/** The last lines of a task as evidence: at most 20, free of secrets. */
export async function lastLinesOf(context: AwsContext, deploymentId: string, taskId: string, redact: Redaction): Promise<string[]> {
  for (let left = evidenceTries; ; left -= 1) {
    const { lines } = await readTail(context, deploymentId, streamOf(context, deploymentId, taskId), 20);
    if (lines.length > 0 || left <= 1) return lines.map(({ line }) => redact(line).slice(0, 500));
    await pause(context.options.pollMs, context.signal);
  }
}
