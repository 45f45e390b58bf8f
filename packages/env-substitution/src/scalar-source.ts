// Writes a new value in place of a scalar's source, in the style it had where that can hold the value.
import { Scalar } from 'yaml';

/** What stood in the source: its style and its exact text, without tag and anchor. */
export interface OriginalScalar {
  readonly type: Scalar.Type | undefined;
  readonly source: string;
}

// Safe in every context of YAML 1.1 and 1.2, also between the brackets of a flow collection.
const safePlain = /^[A-Za-z_/](?:[\w./@+=:-]*[\w./@+=-])?$/;
const otherTypes = /^(?:y|yes|n|no|on|off|true|false|null)$/i;
const unprintable = /[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe]/;

/** The source of a text value. It reads back as exactly `value`, as text, on YAML 1.1 and 1.2. */
export function textSource(value: string, original: OriginalScalar): string {
  switch (original.type) {
    case Scalar.PLAIN:
      return safePlain.test(value) && !otherTypes.test(value) ? value : doubleQuoted(value);
    case Scalar.QUOTE_SINGLE:
      return unprintable.test(value) ? doubleQuoted(value) : `'${value.replaceAll("'", "''")}'`;
    case Scalar.BLOCK_FOLDED:
    case Scalar.BLOCK_LITERAL:
      return blockSource(value, original.source);
    default:
      return doubleQuoted(value);
  }
}

/** JSON is YAML, once what JSON leaves raw and YAML does not print is escaped too. */
function doubleQuoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const blockHeader = /^[|>]([-+]?)([ \t]+#[^\r\n]*)?[ \t]*(\r?\n)/;

/** A literal block where it can hold the value, else one quoted line. The header's comment stays. */
function blockSource(value: string, source: string): string {
  const [header = '', chomping = '', comment = '', newline = '\n'] = blockHeader.exec(source) ?? [];
  const indent = /^(?:[ \t]*\r?\n)*( +)/.exec(source.slice(header.length))?.[1] ?? '';
  if (header === '' || indent === '' || !fitsBlock(value, chomping))
    return doubleQuoted(value) + (header === '' ? anyComment(source) : comment) + newline;
  const lines = (chomping === '-' ? value : value.slice(0, -1)).split('\n');
  return `|${chomping}${comment}${newline}${lines.map((line) => (line === '' ? '' : indent + line) + newline).join('')}`;
}

function anyComment(source: string): string {
  return /^[^\r\n]*?([ \t]#[^\r\n]*)/.exec(source)?.[1] ?? '';
}

function fitsBlock(value: string, chomping: string): boolean {
  if (/^[ \t\n]/.test(value) || unprintable.test(value.replaceAll(/[\n\t]/g, ''))) return false;
  if (chomping === '-') return value !== '' && !value.endsWith('\n');
  return chomping === '+' ? value.endsWith('\n') : /[^\n]\n$/.test(value);
}
