// Faults of YAML syntax in our own words. The library's messages quote the source, and what stands there may be a secret.
import type { Document, ErrorCode, LineCounter, YAMLError } from 'yaml';
import { openings } from './openings.ts';

type Sentence = readonly [message: string, hint?: string];

/** A fault of YAML syntax, without a word of the source. */
export interface YamlFault {
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where it stands in the source, counted from 0. */
  readonly offset: number;
}

const sentences: Readonly<Record<ErrorCode, Sentence>> = {
  ALIAS_PROPS: ['An alias (`*name`) cannot have a tag or an anchor.'],
  BAD_ALIAS: ['This is not a valid alias or anchor.', 'A value that begins with `*` or `&` needs quotes.'],
  BAD_DIRECTIVE: ['This line begins with `%` and is not a known YAML directive.', 'A value that begins with `%` needs quotes.'],
  BAD_DQ_ESCAPE: ['A backslash inside double quotes is not a valid escape.', 'Write `\\\\` for a backslash, or use single quotes.'],
  BAD_INDENT: ['The indentation does not fit.', 'Indent the keys of one map by the same number of spaces.'],
  BAD_PROP_ORDER: ['An anchor or a tag stands at the wrong place.'],
  BAD_SCALAR_START: ['A value cannot begin with this character without quotes.', 'Put the value in quotes.'],
  BLOCK_AS_IMPLICIT_KEY: ['There is a second `: ` in this value.', 'Put the value in quotes, or its keys on lines of their own.'],
  BLOCK_IN_FLOW: ['Lines with dashes or keys cannot stand inside brackets.', 'Look for a comma that is missing.'],
  DUPLICATE_KEY: ['A key is given twice.'],
  IMPOSSIBLE: ['This cannot be read as YAML.'],
  KEY_OVER_1024_CHARS: ['A key is longer than 1024 characters.'],
  MISSING_CHAR: ['A closing quote, bracket, comma or colon is missing.', 'A key needs a colon and a space before its value.'],
  MULTILINE_IMPLICIT_KEY: ['A key must stand on one line and end with a colon.', 'A key needs a colon and a space before its value.'],
  MULTIPLE_ANCHORS: ['A value can have one anchor (`&name`) only.', 'A value that begins with `&` needs quotes.'],
  MULTIPLE_DOCS: ['The file holds more than one document.', 'Keep one document: remove the second `---` and what follows.'],
  MULTIPLE_TAGS: ['A value can have one tag (`!name`) only.', 'A value that begins with `!` needs quotes.'],
  NON_STRING_KEY: ['A key must be plain text.'],
  RESOURCE_EXHAUSTION: ['Collections are nested too deeply.'],
  TAB_AS_INDENT: ['A tab is used as indentation.', 'Indent with spaces.'],
  TAG_RESOLVE_FAILED: ['This tag (`!name`) is not known.', 'Put a value that begins with `!` in quotes.'],
  UNEXPECTED_TOKEN: ['This does not belong here.', 'Look for an unclosed quote or bracket before it, or put the value in quotes.'],
  BAD_COLLECTION_TYPE: ['This tag does not fit its collection.'],
};

const unclosedQuote = /^Missing closing ['"]quote/;
const unclosedBracket = / end with a [\]}]$/;

/** One code of the library stands for several faults; the beginning of its message, which is fixed text, tells them apart. */
const particular: ReadonlyArray<readonly [RegExp, ...Sentence]> = [
  [unclosedQuote, 'This quote is never closed.', 'Close it. Inside single quotes, a single quote is written twice.'],
  [unclosedBracket, 'This bracket is never closed.', 'Close it before the next key.'],
  [/^Missing , /, 'A comma or a colon is missing inside brackets.', 'A value with brackets, commas or colons needs quotes.'],
  [/^Implicit map keys need/, 'This is no key: it does not end with a colon.', 'A key needs a colon and a space before its value.'],
  [/^Comments must be separated/, 'A comment needs a space before its `#`.', 'Put a value that holds `#` in quotes.'],
  [
    / at node end$/,
    'This follows a value that has ended.',
    'Put the value as a whole in quotes. Inside single quotes, a single quote is written twice.',
  ],
  [
    /^Unexpected block-seq-ind/,
    'A list cannot begin here.',
    'Put its first dash on a line of its own. A value that begins with a dash needs quotes.',
  ],
  [/^Block scalar header/, 'Text cannot follow `|` or `>` on its line.', 'Begin the text on the next line, or put the value in quotes.'],
];

/**
 * What the syntax errors (or warnings) of a document mean, each at its place: for a quote or a bracket that is never closed, that is
 * where it opens. Only the first of each line, for one slip makes the parser stumble several times.
 */
export function yamlFaults(errors: readonly YAMLError[], document: Document, lineCounter?: LineCounter): YamlFault[] {
  const lines = new Set<number>();
  const starts = errors.length === 0 ? new Map<number, number>() : openings(document);
  return errors.flatMap((error) => {
    const fault = yamlFault(error, starts);
    const line = lineCounter?.linePos(fault.offset).line ?? fault.offset;
    if (lines.has(line)) return [];
    lines.add(line);
    return [fault];
  });
}

function yamlFault({ code, message: cause, pos }: YAMLError, starts: ReadonlyMap<number, number>): YamlFault {
  const found = particular.find(([beginning]) => beginning.test(cause));
  const [message, hint] = found === undefined ? (sentences[code] ?? sentences.IMPOSSIBLE) : [found[1], found[2]];
  const isOpen = found?.[0] === unclosedQuote || found?.[0] === unclosedBracket;
  const offset = isOpen ? (starts.get(pos[0]) ?? pos[0]) : pos[0];
  return { message: `Invalid YAML: ${message}`, hint, offset };
}
