// Finds where a JSON-RPC request says what it wants, in one pass over its first bytes: nothing is built, nothing is parsed twice.

/** Places in the text, each of a JSON string without its quotes: start and end in turn; `undefined` where there is none. */
export interface McpPlaces {
  /** Value of the member `method`. */
  readonly method: Place | undefined;
  /** Value of the member `name` of `params`. */
  readonly name: Place | undefined;
  /** Value of the member `uri` of `params`. */
  readonly uri: Place | undefined;
  /** Whether the request is the first of an array. */
  readonly batch: boolean;
}

/** From the first character of a string to its closing quote. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Looks at the start of a body, one character a byte. A text that ends early or is no JSON gives what was found before that. Of a
 * member that comes twice the last counts, as for `JSON.parse`.
 */
export function scanMcp(text: string): McpPlaces {
  const scan = new Scan(text);
  scan.run();
  return scan;
}

class Scan implements McpPlaces {
  method: Place | undefined;
  name: Place | undefined;
  uri: Place | undefined;
  batch = false;
  readonly #text: string;
  /** Next character to read. */
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    if (this.#text.startsWith(byteOrderMark)) this.#at = byteOrderMark.length;
    let first = this.#next();
    if (first === openBracket) {
      this.batch = true;
      first = this.#next();
    }
    if (first === openBrace) this.#members(false);
  }

  /** Reads the request, or its `params`, after the brace; false when it breaks off. */
  #members(ofParams: boolean): boolean {
    for (let sign = this.#next(); sign !== closeBrace; sign = this.#next()) {
      if (sign === comma) sign = this.#next();
      if (sign !== quote) return false;
      const start = this.#at;
      const end = this.#endOfString();
      if (end === -1 || this.#next() !== colon) return false;
      const value = this.#next();
      if (!(ofParams ? this.#paramsMember(start, end, value) : this.#requestMember(start, end, value))) return false;
    }
    return true;
  }

  #requestMember(start: number, end: number, value: number): boolean {
    if (this.#isKey(start, end, 'method')) {
      this.method = undefined;
      if (value !== quote) return this.#skip(value);
      return (this.method = this.#string()) !== undefined;
    }
    if (!this.#isKey(start, end, 'params')) return this.#skip(value);
    this.name = undefined;
    this.uri = undefined;
    return value === openBrace ? this.#members(true) : this.#skip(value);
  }

  #paramsMember(start: number, end: number, value: number): boolean {
    if (this.#isKey(start, end, 'name')) {
      this.name = undefined;
      if (value !== quote) return this.#skip(value);
      return (this.name = this.#string()) !== undefined;
    }
    if (!this.#isKey(start, end, 'uri')) return this.#skip(value);
    this.uri = undefined;
    if (value !== quote) return this.#skip(value);
    return (this.uri = this.#string()) !== undefined;
  }

  /** Goes on after a value whose first character was read: by counting, so nesting costs no stack. */
  #skip(first: number): boolean {
    const text = this.#text;
    if (first === quote) return this.#endOfString() !== -1;
    if (first !== openBrace && first !== openBracket) return this.#skipWord();
    let at = this.#at;
    for (let depth = 1; depth > 0; at += 1) {
      if (at >= text.length) return false;
      const sign = text.charCodeAt(at);
      if (sign === quote) {
        this.#at = at + 1;
        if (this.#endOfString() === -1) return false;
        at = this.#at - 1;
      } else if (sign === openBrace || sign === openBracket) depth += 1;
      else if (sign === closeBrace || sign === closeBracket) depth -= 1;
    }
    this.#at = at;
    return true;
  }

  /** A number, `true`, `false` or `null`: all that comes before the comma or brace, which stays to be read. */
  #skipWord(): boolean {
    const text = this.#text;
    for (; this.#at < text.length; this.#at += 1) {
      const sign = text.charCodeAt(this.#at);
      if (sign === comma || sign === closeBrace) return true;
    }
    return false;
  }

  #string(): Place | undefined {
    const start = this.#at;
    const end = this.#endOfString();
    return end === -1 ? undefined : { start, end };
  }

  /** Place of the quote that closes the string that is being read, which is then behind; -1 for none. */
  #endOfString(): number {
    const text = this.#text;
    for (let end = text.indexOf('"', this.#at); end !== -1; end = text.indexOf('"', end + 1)) {
      let slashes = 0;
      while (text.charCodeAt(end - slashes - 1) === backslash) slashes += 1;
      if (slashes % 2 === 1) continue;
      this.#at = end + 1;
      return end;
    }
    this.#at = text.length;
    return -1;
  }

  /** A key may hide behind escapes: `"m\u0065thod"` is `method` to every parser. */
  #isKey(start: number, end: number, key: string): boolean {
    const text = this.#text;
    const length = end - start;
    if (length <= key.length || length > longestKey) return length === key.length && text.startsWith(key, start);
    const spelled = text.slice(start, end);
    return spelled.includes('\\') && unescaped(spelled) === key;
  }

  /** Reads the next character that is no space; 0 at the end. */
  #next(): number {
    const text = this.#text;
    while (this.#at < text.length) {
      const sign = text.charCodeAt(this.#at);
      this.#at += 1;
      if (sign !== space && sign !== lineFeed && sign !== carriageReturn && sign !== tab) return sign;
    }
    return 0;
  }
}

/** The text of a JSON string, given as it stands between its quotes; `undefined` when its escapes are not valid. */
export function unescaped(string: string): string | undefined {
  if (!string.includes('\\')) return string;
  try {
    return JSON.parse(`"${string}"`) as string;
  } catch {
    return undefined;
  }
}

/** In UTF-8, one character a byte. Python's parser skips it, so this one does. */
const byteOrderMark = '\u00ef\u00bb\u00bf';

/** `params` with each of its letters as `\u0070`. */
const longestKey = 36;

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const colon = 0x3a;
const comma = 0x2c;
const space = 0x20;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;
