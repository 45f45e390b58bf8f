// Faults of YAML syntax in our own words. The library's messages quote the source, and what stands there may be a secret.
import type { ErrorCode } from 'yaml';

const sentences: Readonly<Record<ErrorCode, readonly [message: string, hint?: string]>> = {
  ALIAS_PROPS: ['An alias (`*name`) cannot have a tag or an anchor.'],
  BAD_ALIAS: ['This is not a valid alias or anchor.', 'A value that begins with `*` or `&` needs quotes.'],
  BAD_DIRECTIVE: ['This line begins with `%` and is not a known YAML directive.', 'A value that begins with `%` needs quotes.'],
  BAD_DQ_ESCAPE: ['A backslash inside double quotes is not a valid escape.', 'Write `\\\\` for a backslash, or use single quotes.'],
  BAD_INDENT: ['The indentation does not fit.', 'Indent the keys of one map by the same number of spaces.'],
  BAD_PROP_ORDER: ['An anchor or a tag stands at the wrong place.'],
  BAD_SCALAR_START: ['A value cannot begin with this character without quotes.', 'Put the value in quotes.'],
  BLOCK_AS_IMPLICIT_KEY: ['There is a second `: ` in this value.', 'Put the value in quotes, or its keys on lines of their own.'],
  BLOCK_IN_FLOW: ['Lines with dashes or keys cannot stand inside brackets.'],
  DUPLICATE_KEY: ['A key is given twice.'],
  IMPOSSIBLE: ['This cannot be read as YAML.'],
  KEY_OVER_1024_CHARS: ['A key is longer than 1024 characters.'],
  MISSING_CHAR: ['A closing quote, bracket, comma or colon is missing.', 'A key needs a colon and a space before its value.'],
  MULTILINE_IMPLICIT_KEY: ['A key must stand on one line and end with a colon.'],
  MULTIPLE_ANCHORS: ['A value can have one anchor (`&name`) only.'],
  MULTIPLE_DOCS: ['The file holds more than one document.', 'Keep one document: remove the second `---` and what follows.'],
  MULTIPLE_TAGS: ['A value can have one tag (`!name`) only.'],
  NON_STRING_KEY: ['A key must be plain text.'],
  RESOURCE_EXHAUSTION: ['Collections are nested too deeply.'],
  TAB_AS_INDENT: ['A tab is used as indentation.', 'Indent with spaces.'],
  TAG_RESOLVE_FAILED: ['This tag (`!name`) is not known.', 'Put a value that begins with `!` in quotes.'],
  UNEXPECTED_TOKEN: ['This does not belong here.', 'Look for an unclosed quote or bracket before it, or put the value in quotes.'],
  BAD_COLLECTION_TYPE: ['This tag does not fit its collection.'],
};

/** What a syntax error of the YAML library means, without a word of the source. */
export function yamlFault(code: ErrorCode): { readonly message: string; readonly hint?: string | undefined } {
  const [message, hint] = sentences[code] ?? ['This cannot be read as YAML.'];
  return { message: `Invalid YAML: ${message}`, hint };
}
