// Finds the `id:` lines of an event stream while its bytes pass, without reading anything else.

const field = Buffer.from('id:');
const longestId = 256;
/** Field, space, id and line end. */
const longestLine = field.length + longestId + 2;
const lf = 10;
const cr = 13;
const space = 32;

/**
 * Reads one stream; `found` is told every id, as the characters of its bytes. Ids longer than 256 bytes are left out.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createEventIdScan(found: (id: string) => void): (chunk: Buffer) => void {
  /** The beginning of a line that may be one of an id, when a chunk ends within it. */
  let held = Buffer.alloc(0);
  let lineBegins = true;

  return (chunk) => {
    if (chunk.length === 0) return;
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const rest = scan(bytes, lineBegins, found);
    lineBegins = rest !== undefined;
    // Copied: a few bytes must not keep a whole chunk alive.
    held = rest === undefined || rest.length === 0 ? empty : Buffer.from(rest);
  };
}

const empty = Buffer.alloc(0);

/** What has to be seen again with the next chunk; `undefined` when the next chunk goes on within a line that is no id. */
function scan(bytes: Buffer, lineBegins: boolean, found: (id: string) => void): Buffer | undefined {
  for (let at = bytes.indexOf(field); at !== -1; at = bytes.indexOf(field, at + field.length)) {
    const begins = at === 0 ? lineBegins : isLineEnd(bytes[at - 1]);
    if (!begins) continue;
    const end = lineEnd(bytes, at);
    if (end !== -1) tell(bytes, at + field.length, end, found);
    else if (bytes.length - at < longestLine) return bytes.subarray(at);
  }
  return unfinished(bytes, lineBegins);
}

function tell(bytes: Buffer, from: number, end: number, found: (id: string) => void): void {
  const start = bytes[from] === space ? from + 1 : from;
  if (end > start && end - start <= longestId) found(bytes.toString('latin1', start, end));
}

/** A last line so short that it may become one of an id. */
function unfinished(bytes: Buffer, lineBegins: boolean): Buffer | undefined {
  for (let length = 0; length < field.length && length <= bytes.length; length += 1) {
    const start = bytes.length - length;
    const begins = start === 0 ? lineBegins : isLineEnd(bytes[start - 1]);
    if (begins && field.subarray(0, length).equals(bytes.subarray(start))) return bytes.subarray(start);
  }
  return undefined;
}

/** Index of the end of a line, or -1: it is too long or goes on in the next chunk. */
function lineEnd(bytes: Buffer, from: number): number {
  const last = Math.min(bytes.length, from + longestLine);
  for (let at = from; at < last; at += 1) if (isLineEnd(bytes[at])) return at;
  return -1;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === lf || byte === cr;
}
