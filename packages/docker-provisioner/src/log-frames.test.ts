import { describe, expect, it } from 'vitest';
import type { LogLine } from '@runlayer/provisioner';
import { engineTime } from './container-logs.ts';
import { readFrames, readTimedLines } from './log-frames.ts';

const time = '2026-11-22T10:00:00.123456789Z';

function frame(stream: 1 | 2, bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}
const said = (stream: 1 | 2, text: string | Buffer, at = time): Buffer =>
  frame(stream, Buffer.concat([Buffer.from(`${at} `), Buffer.from(text)]));

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size = bytes.length): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of readTimedLines(readFrames(chunksOf(bytes, size)))) lines.push(line);
  return lines;
}

describe('the log of the engine', () => {
  const euro = Buffer.from('€');
  const all = Buffer.concat([
    said(1, 'one\n'),
    said(2, 'error\r\n'),
    said(1, ''),
    said(1, '\n'),
    said(1, Buffer.concat([Buffer.from('cut '), euro.subarray(0, 1)])),
    said(2, 'between\n'),
    said(1, Buffer.concat([euro.subarray(1), Buffer.from(' end\n')]), '2026-11-22T10:00:01Z'),
    said(1, 'no end'),
  ]);

  it.each([1, 2, 3, 7, 8, 9, 64, 10_000])('is read the same in chunks of %i bytes', async (size) => {
    expect(await read(all, size)).toEqual([
      { time, stream: 'stdout', line: 'one' },
      { time, stream: 'stderr', line: 'error' },
      { time, stream: 'stdout', line: '' },
      { time, stream: 'stderr', line: 'between' },
      { time, stream: 'stdout', line: 'cut € end' },
      { time, stream: 'stdout', line: 'no end' },
    ]);
  });

  it('has lines of at most 8,192 characters, and goes on after a longer one', async () => {
    const parts = Array.from({ length: 5 }, () => said(1, 'x'.repeat(16_000)));
    const lines = await read(Buffer.concat([...parts, said(1, 'x\n'), said(1, 'next\n')]));
    expect(lines.map(({ line }) => line.length)).toEqual([8192, 4]);
  });

  it('refuses what is no log rather than waiting for gigabytes', async () => {
    await expect(read(Buffer.from('HTTP/1.1 200 OK'))).rejects.toThrow(RangeError);
  });

  it.each([
    [time, '1795341600.123456789'],
    ['2026-11-22T10:00:00Z', '1795341600.000000000'],
    ['2026-11-22T10:00:00.5Z', '1795341600.500000000'],
    ['2026-11-22T12:00:00.25+02:00', '1795341600.250000000'],
  ])('is asked for from %s on as %s', (text, seconds) => {
    expect(engineTime(text)).toBe(seconds);
  });
});
