// Splits the engine's multiplexed stream into frames, and frames into timed lines of bounded length.
import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from '@runlayer/provisioner';

/** One piece of output as the engine sends it. */
export interface Frame {
  readonly stream: LogLine['stream'];
  readonly bytes: Buffer;
}

const headerLength = 8;
/** The engine writes frames of at most 16 KiB and a timestamp; anything far above is not this protocol. */
const longestFrame = 1024 ** 2;
const longestLine = 8192;

/** Reads frames: one byte of stream, three of padding, four of length, then the bytes. @see https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach */
export async function* readFrames(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Frame, void, undefined> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, typeof chunk === 'string' ? Buffer.from(chunk) : chunk]);
    while (rest.length >= headerLength) {
      const length = rest.readUInt32BE(4);
      if (length > longestFrame) throw new RangeError(`A log frame of ${length} bytes is no Docker log.`);
      if (rest.length < headerLength + length) break;
      yield { stream: rest[0] === 2 ? 'stderr' : 'stdout', bytes: rest.subarray(headerLength, headerLength + length) };
      rest = rest.subarray(headerLength + length);
    }
  }
}

interface Open {
  readonly time: string;
  line: string;
  /** A character may be cut in two where a long line is. */
  readonly decoder: StringDecoder;
}

const newline = 0x0a;

/**
 * Joins frames into lines. Each frame starts with the time at which it was written; a long line comes in several frames,
 * of which the first time counts. Lines are cut at 8,192 characters.
 */
export async function* readTimedLines(frames: AsyncIterable<Frame>): AsyncGenerator<LogLine, void, undefined> {
  const open: Partial<Record<LogLine['stream'], Open>> = {};
  for await (const { stream, bytes } of frames) {
    const space = bytes.indexOf(' ');
    if (space === -1) continue;
    const part = bytes.subarray(space + 1);
    const line = open[stream] ?? { time: bytes.toString('latin1', 0, space), line: '', decoder: new StringDecoder('utf8') };
    open[stream] = line;
    if (line.line.length <= longestLine) line.line += line.decoder.write(part);
    if (part.at(-1) !== newline) continue;
    delete open[stream];
    yield finished(stream, line);
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const line = open[stream];
    if (line !== undefined) yield finished(stream, line);
  }
}

function finished(stream: LogLine['stream'], { time, line }: Open): LogLine {
  return { time, stream, line: line.replace(/\r?\n$/, '').slice(0, longestLine) };
}
