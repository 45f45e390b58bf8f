// What the headers of an answer say of its length and its connection. Two answers to that question are an error, never a choice.
import { endOfToken, isBlank, isFieldText } from './field-syntax.ts';
import { badAnswer } from './http1-error.ts';

/** `Content-Length` beyond which a number is not exact any more. */
const mostDigits = 15;

/** What has been said so far; one per connection, emptied for each head. */
export class AnswerFraming {
  /** Bytes of the body; -1 when none were named. */
  length = -1;
  chunked = false;
  /** `Connection: close` or `keep-alive`. */
  close = false;
  keepAlive = false;
  /** Milliseconds that the server says it keeps an idle connection; -1 when it says nothing. */
  idleMs = -1;

  reset(): void {
    this.length = -1;
    this.chunked = false;
    this.close = false;
    this.keepAlive = false;
    this.idleMs = -1;
  }

  /**
   * Notes a header line. Most are told from the few that count by their length alone.
   *
   * @param exact whether no white space follows the value: parsers differ on whether `chunked` and a tab is still `chunked`
   */
  note(name: string, value: string, exact: boolean): void {
    switch (name.length) {
      case 10:
        this.#noteTen(name.toLowerCase(), value);
        break;
      case 14:
        if (name.toLowerCase() === 'content-length') this.#noteLength(exact ? value : '');
        break;
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') this.#noteEncoding(exact ? value : '');
        break;
      default:
    }
  }

  #noteTen(lower: string, value: string): void {
    if (lower === 'connection') this.#noteConnection(value);
    else if (lower === 'keep-alive') this.idleMs = idleTime(value);
  }

  #noteConnection(value: string): void {
    const lower = value.toLowerCase();
    if (lower === 'keep-alive') this.keepAlive = true;
    else if (lower === 'close') this.close = true;
    else {
      for (const option of lower.split(',')) {
        if (option.trim() === 'close') this.close = true;
        else if (option.trim() === 'keep-alive') this.keepAlive = true;
      }
    }
  }

  #noteLength(value: string): void {
    if (this.length !== -1) throw badAnswer('The answer has more than one Content-Length.');
    this.length = decimal(value);
    if (this.length === -1) throw badAnswer('The Content-Length of the answer is not a number.');
  }

  /** Any coding but `chunked` alone would reach the caller as it is, without a word that says so. */
  #noteEncoding(value: string): void {
    if (this.chunked) throw badAnswer('The answer has more than one Transfer-Encoding.');
    if (value.toLowerCase() !== 'chunked') throw badAnswer('The Transfer-Encoding of the answer is not "chunked".');
    this.chunked = true;
  }
}

/** A number of plain digits, or -1. */
export function decimal(value: string): number {
  if (value === '' || value.length > mostDigits) return -1;
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code < 48 || code > 57) return -1;
  }
  return Number(value);
}

/** Of `timeout=5, max=100`. */
function idleTime(value: string): number {
  const start = value.toLowerCase().indexOf('timeout=');
  if (start === -1) return -1;
  let end = start + 8;
  while (end < value.length && value.charCodeAt(end) >= 48 && value.charCodeAt(end) <= 57) end += 1;
  const seconds = decimal(value.slice(start + 8, end));
  return seconds === -1 ? -1 : seconds * 1_000;
}

/**
 * Reads a header line between two indexes: adds its name and value to a list and notes what they say of the framing.
 *
 * @throws for a name that is not a token right up to its colon (white space before it, a folded line) and for control characters
 */
export function readField(text: string, start: number, end: number, into: string[], framing: AnswerFraming | undefined): void {
  const colon = endOfToken(text, start, end);
  if (colon === start || colon === end || text.charCodeAt(colon) !== 58) throw badAnswer('A header line of the answer has no valid name.');
  let from = colon + 1;
  while (from < end && isBlank(text.charCodeAt(from))) from += 1;
  let to = end;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  if (!isFieldText(text, from, to)) throw badAnswer('A header of the answer has a control character.');
  const name = text.slice(start, colon);
  const value = text.slice(from, to);
  into.push(name, value);
  framing?.note(name, value, to === end);
}
