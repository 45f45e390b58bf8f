// The lines between chunks, byte by byte: the end of the chunk before, the size of the next one, and extensions that mean nothing.
import { isChunkExtension } from './chunk-extension.ts';
import { badAnswer } from './http1-error.ts';

/** Bytes of one line, extensions included. */
const longest = 256;

const dataReturn = 0;
const dataFeed = 1;
const digits = 2;
const extension = 3;
const lineFeed = 4;

/** Reads one chunk line after another. @see https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
export class ChunkLine {
  /** Bytes of the chunk, once its line has ended. */
  size = 0;
  #state = digits;
  #length = 0;
  #extension = '';

  /** @param first whether it is the first line of a body; each other one begins with the end of the chunk before */
  begin(first: boolean): void {
    this.#state = first ? digits : dataReturn;
    this.size = 0;
    this.#length = 0;
  }

  /**
   * Takes the next byte. Returns whether the line has ended with it.
   *
   * @throws `HPE_INVALID_ANSWER` for anything but digits, well-formed extensions, CR and LF
   */
  take(byte: number): boolean {
    switch (this.#state) {
      case digits:
        this.#takeDigit(byte);
        return false;
      case extension:
        this.#takeExtension(byte);
        return false;
      case dataReturn:
        this.#expect(byte, 13, dataFeed);
        return false;
      case dataFeed:
        this.#expect(byte, 10, digits);
        return false;
      default:
        this.#expect(byte, 10, digits);
        return true;
    }
  }

  #expect(byte: number, expected: number, next: number): void {
    if (byte !== expected) throw badAnswer('A chunk does not end with CR and LF.');
    this.#state = next;
  }

  #takeDigit(byte: number): void {
    this.#count();
    const digit = hexDigit(byte);
    if (digit === -1) return this.#endDigits(byte);
    this.size = this.size * 16 + digit;
    if (this.size > Number.MAX_SAFE_INTEGER) throw badAnswer('A chunk is larger than can be counted.');
  }

  #endDigits(byte: number): void {
    if (this.#length === 1 || (byte !== 13 && byte !== 59)) throw badAnswer('The size of a chunk is not a number.');
    this.#state = byte === 13 ? lineFeed : extension;
    this.#extension = byte === 13 ? '' : ';';
  }

  #takeExtension(byte: number): void {
    this.#count();
    if (byte !== 13) {
      this.#extension += String.fromCharCode(byte);
      return;
    }
    if (!isChunkExtension(this.#extension)) throw badAnswer('A chunk extension is not well formed.');
    this.#extension = '';
    this.#state = lineFeed;
  }

  #count(): void {
    this.#length += 1;
    if (this.#length > longest) throw badAnswer('The line of a chunk size is too long.');
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
