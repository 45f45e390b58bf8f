// Reads an event stream as it passes: rewrites the first `endpoint` event of the old SSE transport and lets no other one through, and
// knows when a comment may be put in.

/** What the bytes of one event stream tell while they pass. */
export class EventStream {
  /** The last bytes seen; a comment may stand only after an empty line or at the very beginning. */
  #tail = '\n\n';
  #head: Buffer | undefined;
  /** The end of what has passed, as long as an event's name may be cut in two. */
  #seam = '';
  readonly #rewrite: ((endpoint: string) => string) | undefined;

  /** @param rewrite turns the address of the first `endpoint` event into a public one; left out, bytes pass as they are */
  constructor(rewrite?: (endpoint: string) => string) {
    this.#rewrite = rewrite;
    if (rewrite !== undefined) this.#head = Buffer.alloc(0);
  }

  /** Whether a comment line can be put in here without falling into an event. */
  get betweenEvents(): boolean {
    return this.#head === undefined ? isBlankEnd(this.#tail) : this.#head.length === 0;
  }

  /**
   * The bytes to send on for these; `undefined` while the first event is not complete. Throws for an `endpoint` event that is not the
   * first one, or that clients read in more than one way: it may lead its client, key and all, to another server.
   */
  pass(chunk: Buffer): Buffer | undefined {
    if (this.#head !== undefined) return this.#passHead(chunk);
    if (this.#rewrite !== undefined) this.#refuseEndpoint(chunk);
    this.#note(chunk);
    return chunk;
  }

  /** What is still held when the stream ends. Clients drop an event without its end; one that names an endpoint does not go out at all. */
  rest(): Buffer | undefined {
    const held = this.#head;
    this.#head = undefined;
    return held === undefined || held.length === 0 || namesEndpoint(lines(held.toString('latin1'))) ? undefined : held;
  }

  /** Event by event until one has said something: comments and retry lines may come before the endpoint. */
  #passHead(chunk: Buffer): Buffer | undefined {
    let held = Buffer.concat([this.#head as Buffer, chunk]);
    const out: Buffer[] = [];
    while (this.#head !== undefined) {
      const end = endOfEvent(held);
      if (end === -1 && held.length <= longestFirstEvent) {
        this.#head = held;
        break;
      }
      const event = end === -1 ? held : held.subarray(0, end);
      held = held.subarray(event.length);
      out.push(rewriteEndpoint(event, end !== -1, this.#rewrite as (endpoint: string) => string));
      if (end === -1 || saysSomething(event)) {
        this.#head = undefined;
        this.#seam = event.toString('latin1').slice(-longestName);
        this.#refuseEndpoint(held);
        out.push(held);
      }
    }
    const passed = Buffer.concat(out);
    this.#note(passed);
    return passed.length === 0 ? undefined : passed;
  }

  /** Only bytes that hold the word, or may hold half of it, are looked at closely. */
  #refuseEndpoint(chunk: Buffer): void {
    const near = this.#seam + chunk.toString('latin1', 0, longestName);
    if (endpointName.test(chunk.includes('endpoint') ? this.#seam + chunk.toString('latin1') : near)) throw anotherEndpoint();
    this.#seam = (chunk.length < longestName ? near : chunk.toString('latin1', chunk.length - longestName)).slice(-longestName);
  }

  #note(chunk: Buffer): void {
    this.#tail = (this.#tail + chunk.toString('latin1', Math.max(0, chunk.length - 3))).slice(-3);
  }
}

/** Longer than any honest endpoint event. */
const longestFirstEvent = 8192;

/** The line that makes an event one of an endpoint, between the ends of lines. */
const endpointName = /[\r\n]event: ?endpoint[\r\n]/;
const longestName = 17;

/** A mark of byte order, as bytes: parsers skip one at the beginning of a stream. */
const mark = '\u00ef\u00bb\u00bf';

function anotherEndpoint(): Error {
  return new Error('The stream names an endpoint where clients may read another one.');
}

/** A lone CR at the end may be half of a CRLF, so only LF counts. */
function isBlankEnd(tail: string): boolean {
  return tail.endsWith('\n\n') || tail.endsWith('\n\r\n');
}

/** Index after the empty line that ends the first event, or -1. Lines end with LF, CRLF or CR. @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
function endOfEvent(bytes: Buffer): number {
  let lineStart = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte !== 10 && byte !== 13) continue;
    const pair = byte === 13 && bytes[index + 1] === 10;
    if (byte === 13 && index + 1 === bytes.length) return -1;
    if (index === lineStart) return index + (pair ? 2 : 1);
    if (pair) index += 1;
    lineStart = index + 1;
  }
  return -1;
}

function saysSomething(event: Buffer): boolean {
  return lines(event.toString('latin1')).some((line) => line.startsWith('data') || line.startsWith('event'));
}

/** Of an event; a mark before it is no part of its first line. */
function lines(text: string): string[] {
  return (text.startsWith(mark) ? text.slice(mark.length) : text).split(/\r\n|\n|\r/);
}

function namesEndpoint(fields: readonly string[]): boolean {
  return fields.some((line) => line === 'event: endpoint' || line === 'event:endpoint');
}

/** @param complete whether the event has come to its end, and is not only too long to be held */
function rewriteEndpoint(event: Buffer, complete: boolean, rewrite: (endpoint: string) => string): Buffer {
  const text = event.toString('latin1');
  const fields = lines(text);
  if (!namesEndpoint(fields)) return event;
  // Lines of data are joined with a line feed, and readers of addresses skip line feeds.
  if (!complete || fields.filter((line) => line === 'data' || line.startsWith('data:')).length > 1) throw anotherEndpoint();
  const replaced = text.replace(
    dataLine,
    (_match, before: string, field: string, endpoint: string) => before + field + rewrite(endpoint.trim()),
  );
  return Buffer.from(replaced, 'latin1');
}

const dataLine = new RegExp(`(^(?:${mark})?|[\\r\\n])(data: ?)([^\\r\\n]*)`);
