// Follows a long answer of the engine, and ends it when it is cancelled or falls silent.
import type { Readable } from 'node:stream';
import { jsonLines } from './json-lines.ts';

/** The engine said nothing for too long. */
export class EngineSilent extends Error {
  override readonly name = 'EngineSilent';
}

/** What ends the following early. */
export interface Limits {
  readonly signal?: AbortSignal | undefined;
  /** Longest silence in milliseconds. Default: no limit. */
  readonly silence?: number | undefined;
}

/** The objects the engine sends. Leaving the loop ends the connection, and with it the work. */
export async function* followEngine(
  answer: NodeJS.ReadableStream,
  { signal, silence }: Limits = {},
): AsyncGenerator<Record<string, unknown>> {
  const stream = answer as Readable;
  const cancel = (): void => void stream.destroy(signal?.reason instanceof Error ? signal.reason : new Error('cancelled'));
  const timer =
    silence === undefined ? undefined : setTimeout(() => stream.destroy(new EngineSilent(`no word for ${silence / 1000} s`)), silence);
  stream.on('data', () => timer?.refresh()).pause();
  signal?.addEventListener('abort', cancel);
  try {
    if (signal?.aborted === true) cancel();
    yield* jsonLines(stream);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
    stream.destroy();
  }
}
