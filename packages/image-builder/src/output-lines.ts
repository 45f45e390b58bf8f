// Turns the pieces in which output arrives into lines fit to print.
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** Longest line that is passed on, in characters. */
export const longestLine = 4_000;

/** Collects the output of one stream. */
export class OutputLines {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The lines that these bytes complete. */
  push(bytes: Uint8Array): string[] {
    const pieces = (this.#rest + this.#decoder.write(Buffer.from(bytes))).split('\n');
    // A line that never ends keeps only what will be shown of it.
    this.#rest = (pieces.pop() ?? '').slice(0, longestLine);
    return pieces.map(printable);
  }

  /** The unfinished last line, if any. */
  end(): string[] {
    const rest = printable(this.#rest + this.#decoder.end());
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}

/** A line without terminal sequences and control characters; of what a carriage return overwrote, the last text. */
export function printable(line: string): string {
  const shown = stripVTControlCharacters(line.replace(/\r+$/, '').split('\r').at(-1) ?? '');
  // oxlint-disable-next-line no-control-regex
  return shown.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').slice(0, longestLine);
}
