// Reads the log of one container, past and following.
import type { Readable } from 'node:stream';
import type { LogLine } from '@runlayer/provisioner';
import type { Redaction } from '@runlayer/provisioner/driver';
import type Docker from 'dockerode';
import { unless } from './engine-error.ts';
import { readFrames, readTimedLines } from './log-frames.ts';

/** What to read of a container's log. */
export interface ContainerLogOptions {
  readonly follow: boolean;
  /** RFC 3339 with up to nine decimals. */
  readonly since?: string | undefined;
  readonly tail?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lines of a container. Ends when it stops, is removed, or the signal fires; gives none for one that is gone. */
export async function* readContainerLog(
  docker: Docker,
  id: string,
  options: ContainerLogOptions,
): AsyncGenerator<LogLine, void, undefined> {
  if (options.signal?.aborted) return;
  const query = {
    stdout: true,
    stderr: true,
    timestamps: true,
    ...(options.since === undefined ? {} : { since: engineTime(options.since) as unknown as number }),
    ...(options.tail === undefined ? {} : { tail: options.tail }),
  };
  const container = docker.getContainer(id);
  if (!options.follow) {
    const whole = await unless([404, 409], container.logs({ ...query, follow: false }));
    if (whole !== undefined) yield* readTimedLines(readFrames(once(whole)));
    return;
  }
  const stream = await unless([404, 409], container.logs({ ...query, follow: true }));
  if (stream !== undefined) yield* followed(stream as Readable, options.signal);
}

async function* followed(stream: Readable, signal: AbortSignal | undefined): AsyncGenerator<LogLine> {
  const stop = (): void => void stream.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    if (signal?.aborted) return;
    yield* readTimedLines(readFrames(stream));
  } catch (error) {
    // Destroyed by us, or by an engine that went away: both end the log.
    if (!signal?.aborted && (error as { code?: string }).code !== 'ECONNRESET') throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    stream.destroy();
  }
}

async function* once(buffer: Buffer): AsyncGenerator<Buffer> {
  yield buffer;
}

/** The engine takes seconds since 1970 with decimals, as text: a number would lose the nanoseconds. */
export function engineTime(time: string): string {
  const decimals = /\.(\d{1,9})/.exec(time)?.[1] ?? '0';
  return `${Math.floor(Date.parse(time) / 1000)}.${decimals.padEnd(9, '0')}`;
}

/** The last lines of a container as evidence: at most 20 of at most 500 characters, free of secrets. */
export async function lastLinesOf(docker: Docker, id: string, redact: Redaction): Promise<string[]> {
  const lines: string[] = [];
  for await (const { line } of readContainerLog(docker, id, { follow: false, tail: 20 })) lines.push(redact(line).slice(0, 500));
  return lines;
}
