// Reads the engine's streamed answers: one JSON value per line.
import { StringDecoder } from 'node:string_decoder';

const longest = 16 * 1024 * 1024;

/** The objects of a stream of JSON lines. Lines that are not JSON objects are left out. */
export async function* jsonLines(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<Record<string, unknown>> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)))).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longest) throw new RangeError('the engine sent a line of more than 16 MiB');
    yield* lines.flatMap(parseObject);
  }
  yield* parseObject(rest + decoder.end());
}

function parseObject(line: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? [value as Record<string, unknown>] : [];
  } catch {
    return [];
  }
}
