// Reads answers from bytes as they come, wherever they are cut: pure, bounded, and never more lenient than Node's own parser.
import { AnswerFraming, readField } from './answer-framing.ts';
import { ChunkLine } from './chunk-line.ts';
import { isFieldText } from './field-syntax.ts';
import { badAnswer, Http1Error } from './http1-error.ts';

/** Is told what an answer holds. Indexes are those of the bytes given to {@link AnswerParser.read}. */
export interface AnswerSink {
  onInformation(status: number, headers: string[]): void;
  onHead(status: number, message: string, headers: string[]): void;
  /** A head and all of its body, of at most 16 KB, in one piece; nothing else follows. */
  onWhole(status: number, message: string, headers: string[], body: string): void;
  onBody(start: number, end: number): void;
  onEnd(trailers: string[]): void;
}

/** Bytes of all heads of one answer together, and of its trailers. */
const mostHeadBytes = 65_536;
const mostTrailerBytes = 16_384;
const mostFields = 1_000;
/** 1xx heads before the answer: a server that says `102` every ten seconds gets far with it. */
const mostInformation = 256;
/** Bytes read as text at a time, where a head begins; the first figure lets a short answer be read in one go. */
const wholeWindow = 20_480;
const window = 4_096;
const mostWholeBody = 16_384;

const done = 0;
const statusLine = 1;
const headFields = 2;
const trailerFields = 3;
const counted = 4;
const untilClose = 5;
const chunkLine = 6;
const chunkData = 7;

const none: string[] = [];

/** Reads one answer after another from one connection. */
export class AnswerParser {
  /** Whether the connection can carry another request; holds once an answer has ended. */
  reusable = false;
  readonly framing: AnswerFraming = new AnswerFraming();
  readonly #sink: AnswerSink;
  #state = done;
  /** A line that has not ended yet. */
  #held = '';
  #sectionBytes = 0;
  #informations = 0;
  #bodyless = false;
  #status = 0;
  #oldVersion = false;
  #message = '';
  #fields: string[] = none;
  /** Bytes left of the body or chunk. */
  #left = 0;
  readonly #line: ChunkLine = new ChunkLine();

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  /** Expects an answer. @param head whether it is one to a HEAD request, which has no body */
  begin(head: boolean): void {
    this.#state = statusLine;
    this.#bodyless = head;
    this.#sectionBytes = 0;
    this.#informations = 0;
  }

  /** Whether an answer is expected or under way. */
  get busy(): boolean {
    return this.#state !== done;
  }

  /**
   * Reads the first `length` bytes. What follows the end of an answer is not read: it makes the connection unusable.
   *
   * @throws {@link Http1Error} for an answer that is not well formed; the parser must not be used after it
   */
  read(bytes: Buffer, length: number): void {
    let at = 0;
    while (at < length && this.#state !== done) at = this.#readSome(bytes, at, length);
    if (at < length) this.reusable = false;
  }

  /** The connection was closed cleanly. Returns whether that is the end of an answer. */
  finish(): boolean {
    if (this.#state !== untilClose) return false;
    this.#end(none, true);
    return true;
  }

  #readSome(bytes: Buffer, at: number, length: number): number {
    switch (this.#state) {
      case statusLine:
      case headFields:
      case trailerFields:
        return this.#readLines(bytes, at, length);
      case counted:
      case chunkData:
        return this.#readCounted(at, length);
      case untilClose:
        this.#sink.onBody(at, length);
        return length;
      default:
        return this.#readChunkLine(bytes, at, length);
    }
  }

  #readLines(bytes: Buffer, from: number, length: number): number {
    const upTo = length - from <= wholeWindow ? length : from + window;
    const fresh = bytes.toString('latin1', from, upTo);
    if (!fresh.includes('\n')) return this.#hold(this.#held + fresh, upTo, upTo - from);
    const heldLength = this.#held.length;
    const text = heldLength === 0 ? fresh : this.#held + fresh;
    this.#held = '';
    let start = 0;
    for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', start)) {
      if (feed === start || text.charCodeAt(feed - 1) !== 13) throw badAnswer('A line of the answer does not end with CR and LF.');
      const lineStart = start;
      start = feed + 1;
      if (this.#state === statusLine) this.#readStatus(text, lineStart, feed - 1);
      else if (feed - 1 > lineStart) this.#readField(text, lineStart, feed - 1);
      else {
        this.#count(start - heldLength);
        return this.#endSection(bytes, from + start - heldLength, length, text, start);
      }
    }
    return this.#hold(text.slice(start), upTo, upTo - from);
  }

  #hold(rest: string, at: number, fresh: number): number {
    // What cannot become a status line is told at once: such a server may never send the end of a line.
    if (this.#state === statusLine && !'HTTP/1.'.startsWith(rest.slice(0, 7))) throw noStatusLine();
    this.#held = rest;
    this.#count(fresh);
    return at;
  }

  #count(fresh: number): void {
    this.#sectionBytes += fresh;
    if (this.#sectionBytes > (this.#state === trailerFields ? mostTrailerBytes : mostHeadBytes) || this.#fields.length > 2 * mostFields)
      throw new Http1Error('UND_ERR_HEADERS_OVERFLOW', 'The head or the trailers of the answer are too large.');
  }

  #readStatus(text: string, start: number, end: number): void {
    const minor = text.charCodeAt(start + 7);
    const status = end - start < 12 ? 0 : threeDigits(text, start + 9);
    const ends = end === start + 12 || text.charCodeAt(start + 12) === 32;
    if (!text.startsWith('HTTP/1.', start) || (minor !== 49 && minor !== 48) || text.charCodeAt(start + 8) !== 32 || status < 100 || !ends)
      throw noStatusLine();
    if (!isFieldText(text, start + 12, end)) throw badAnswer('The reason of the answer has a control character.');
    this.#status = status;
    this.#message = text.slice(start + 13, end);
    this.#oldVersion = minor === 48;
    this.#fields = [];
    this.framing.reset();
    this.#state = headFields;
  }

  #readField(text: string, start: number, end: number): void {
    if (this.#state === headFields) readField(text, start, end, this.#fields, this.framing);
    else readTrailer(text, start, end, this.#fields);
  }

  #endSection(bytes: Buffer, at: number, length: number, text: string, textAt: number): number {
    const fields = this.#fields;
    const message = this.#message;
    this.#fields = none;
    this.#message = '';
    if (this.#state === trailerFields) this.#end(fields, at === length);
    else if (this.#status < 200) this.#information(fields);
    else return this.#head(message, fields, bytes, at, length, text, textAt);
    return at;
  }

  #information(fields: string[]): void {
    this.#informations += 1;
    if (this.#status === 101) throw badAnswer('The answer switches protocols.');
    if (this.framing.chunked || this.framing.length > 0) throw badAnswer('An informational answer has a body.');
    if (this.#informations > mostInformation) throw new Http1Error('UND_ERR_HEADERS_OVERFLOW', 'There are too many informational answers.');
    this.#state = statusLine;
    this.#sink.onInformation(this.#status, fields);
  }

  /** RFC 9112, section 6.3, less every case in which there is something to choose. */
  #head(message: string, fields: string[], bytes: Buffer, at: number, length: number, text: string, textAt: number): number {
    const { framing } = this;
    if (framing.chunked && (framing.length !== -1 || this.#oldVersion))
      throw badAnswer('The answer has two lengths, or a chunked body in HTTP/1.0.');
    this.reusable = !framing.close && (!this.#oldVersion || framing.keepAlive);
    const bodyless = this.#bodyless || this.#status === 204 || this.#status === 304;
    // A 204 that speaks of a body may send one all the same.
    if (this.#status === 204 && (framing.chunked || framing.length > 0)) this.reusable = false;
    const size = bodyless ? 0 : framing.chunked ? -1 : framing.length;
    if (size === length - at && size <= mostWholeBody) {
      const body = size === 0 ? '' : textAt + size === text.length ? text.slice(textAt) : bytes.toString('latin1', at, length);
      this.#state = done;
      this.#sink.onWhole(this.#status, message, fields, body);
      return length;
    }
    this.#begin(size);
    this.#sink.onHead(this.#status, message, fields);
    if (size === 0) this.#end(none, at === length);
    return at;
  }

  #begin(size: number): void {
    this.#left = size;
    if (size >= 0) this.#state = counted;
    else if (this.framing.chunked) this.#beginLine(true);
    else {
      this.#state = untilClose;
      this.reusable = false;
    }
  }

  #readCounted(at: number, length: number): number {
    const end = Math.min(length, at + this.#left);
    this.#left -= end - at;
    this.#sink.onBody(at, end);
    if (this.#left === 0) {
      if (this.#state === chunkData) this.#beginLine(false);
      else this.#end(none, end === length);
    }
    return end;
  }

  #end(trailers: string[], nothingFollows: boolean): void {
    this.#state = done;
    if (!nothingFollows) this.reusable = false;
    this.#sink.onEnd(trailers);
  }

  #beginLine(first: boolean): void {
    this.#state = chunkLine;
    this.#line.begin(first);
  }

  #readChunkLine(bytes: Buffer, from: number, length: number): number {
    for (let at = from; at < length; at += 1) {
      if (!this.#line.take(bytes[at] as number)) continue;
      this.#beginChunk(this.#line.size);
      return at + 1;
    }
    return length;
  }

  #beginChunk(size: number): void {
    this.#left = size;
    this.#state = size > 0 ? chunkData : trailerFields;
    this.#fields = size > 0 ? none : [];
    this.#sectionBytes = 0;
  }
}

/** Trailers that speak of the framing contradict what has been read. */
function readTrailer(text: string, start: number, end: number, into: string[]): void {
  readField(text, start, end, into, undefined);
  const name = (into.at(-2) as string).toLowerCase();
  if (name === 'content-length' || name === 'transfer-encoding') throw badAnswer('The trailers of the answer speak of its length.');
}

function noStatusLine(): Http1Error {
  return badAnswer('The answer does not begin with a status line of HTTP/1.1.');
}

function threeDigits(text: string, at: number): number {
  let value = 0;
  for (let index = at; index < at + 3; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
  }
  return value;
}
