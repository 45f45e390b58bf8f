// Splits a .env file into names and raw values, line by line but for quoted values, which may hold newlines.

/** One `NAME=value`, escapes decoded, variables not yet replaced. */
export interface DotenvBinding {
  readonly name: string;
  /** `undefined` for a name without `=`. */
  readonly value: string | undefined;
}

// Python's idea of white space, which differs from JavaScript's in the C1 and information separators and the byte order mark.
const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const blank = `[${space.replace('\\t-\\r', '\\t\\v\\f')}]`;
const pattern = {
  anySpace: new RegExp(`[${space}]*`, 'y'),
  blanks: new RegExp(`${blank}*`, 'y'),
  export: new RegExp(`(?:export${blank}+)?`, 'y'),
  quotedName: /'([^']+)'/y,
  name: new RegExp(`([^=#${space}]+)`, 'y'),
  equals: new RegExp(`=${blank}*`, 'y'),
  unquoted: /([^\r\n]*)/y,
  comment: new RegExp(`(?:${blank}*#[^\\r\\n]*)?`, 'y'),
  endOfLine: new RegExp(`${blank}*(?:\\r\\n|\\n|\\r|$)`, 'y'),
  restOfLine: /[^\r\n]*(?:\r|\n)?/y,
};
const inlineComment = new RegExp(`[${space}]#[^]*$`);
const spaceCharacter = new RegExp(`[${space}]`);

/** The bindings of a file in its order; a line that cannot be read gives none. */
export function* dotenvBindings(text: string): Generator<DotenvBinding> {
  // Python reads text files with all newlines as \n.
  const reader = new Reader(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'));
  while (reader.hasMore) {
    const binding = readBinding(reader);
    if (binding === 'unreadable') reader.take(pattern.restOfLine);
    else if (binding !== undefined) yield binding;
  }
}

/** Reads one binding, or `undefined` for a comment or the file's end. Where it stops, the rest of the line is skipped. */
function readBinding(reader: Reader): DotenvBinding | undefined | 'unreadable' {
  reader.take(pattern.anySpace);
  if (!reader.hasMore) return undefined;
  reader.take(pattern.export);
  const isComment = reader.next === '#';
  const name = isComment ? '' : reader.take(reader.next === "'" ? pattern.quotedName : pattern.name);
  if (name === undefined) return 'unreadable';
  reader.take(pattern.blanks);
  const equals = reader.take(pattern.equals);
  const value = equals === undefined ? undefined : readValue(reader, equals);
  if (value === 'unclosed') return 'unreadable';
  reader.take(pattern.comment);
  if (reader.take(pattern.endOfLine) === undefined) return 'unreadable';
  return isComment ? undefined : { name, value: value?.text };
}

function readValue(reader: Reader, equals: string): { text: string } | 'unclosed' {
  // `KEY= # comment` is empty, `KEY=#text` is not.
  if (equals.length > 1 && reader.next === '#') return { text: '' };
  if (reader.next === "'" || reader.next === '"') {
    const quoted = reader.takeQuoted(reader.next);
    return quoted === undefined ? 'unclosed' : { text: quoted };
  }
  return { text: withoutComment(reader.take(pattern.unquoted) ?? '') };
}

function withoutComment(line: string): string {
  const text = line.replace(inlineComment, '');
  let end = text.length;
  while (end > 0 && spaceCharacter.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const decoders = {
  "'": (text: string) => text.replace(/\\([\\'])/g, '$1'),
  '"': (text: string) => text.replace(/\\([\\'"abfnrtv])/g, (_all, letter: string) => escapes[letter] ?? letter),
};

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get hasMore(): boolean {
    return this.#at < this.#text.length;
  }

  get next(): string | undefined {
    return this.#text[this.#at];
  }

  /** What matches here, its first group if it has one; the reader stands after it. */
  take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match[1] ?? match[0];
  }

  /** The decoded text up to the next `quote` that no backslash escapes. */
  takeQuoted(quote: "'" | '"'): string | undefined {
    const start = this.#at + 1;
    for (let end = start; end < this.#text.length; end += 1) {
      if (this.#text[end] === '\\') end += 1;
      else if (this.#text[end] === quote) {
        this.#at = end + 1;
        return decoders[quote](this.#text.slice(start, end));
      }
    }
    return undefined;
  }
}
