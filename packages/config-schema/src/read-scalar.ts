// Reads texts, words, numbers and flags; a near miss gets the right value as its suggestion.
import { isScalar } from 'yaml';
import type { Node, Scalar } from 'yaml';
import type { NumberField, TextField, WordField } from './field.ts';
import { nearestWord } from './nearest.ts';
import { isNothing, kindOf, plainText, shown } from './reading.ts';
import type { Reading } from './reading.ts';
import { quoted, shorten } from './shorten.ts';
import { named } from './spot.ts';
import type { Spot } from './spot.ts';

/** A text, checked. Numbers and booleans are refused with the quotes they lack, or taken as written where the field says so. */
export function readText(reading: Reading, field: TextField, node: Node | undefined, spot: Spot): string | undefined {
  if (field.nullable === true && isNothing(node)) return undefined;
  const value = textOf(reading, field, node, spot);
  if (value === undefined) return undefined;
  const complaint = checkText(field, value);
  if (complaint === undefined) return value;
  const found = field.secret === true ? undefined : quoted(value);
  reading.report.issue({ expected: field.expected, ...named(complaint, `\`${shorten(spot.name)}\``), path: spot.path, at: spot.at, found });
  return undefined;
}

function checkText(field: TextField, value: string): ReturnType<NonNullable<TextField['check']>> {
  if (value.includes('\0')) return { message: 'holds a NUL character, which no process can be given.' };
  if (/\p{Surrogate}/u.test(value)) return { message: 'holds half of a character, which cannot be written as UTF-8.' };
  return field.check?.(value);
}

function textOf(reading: Reading, field: TextField, node: Node | undefined, spot: Spot): string | undefined {
  if (isScalar(node) && typeof node.value === 'string') return node.value;
  if (field.unquoted === true && isPlain(node)) {
    const message = `\`${shorten(spot.name)}\` reads as ${kindOf(node)} without quotes; it is taken as the text that stands there.`;
    reading.report.warning({ path: spot.path, at: spot.at, message, hint: 'Put the value in quotes.' });
    return plainText(node);
  }
  reading.report.issue({ path: spot.path, at: spot.at, ...wrongType(field, node, spot) });
  return undefined;
}

function wrongType(
  field: TextField,
  node: Node | undefined,
  spot: Spot,
): { message: string; found: string; expected: string; suggestion?: string | undefined; hint?: string | undefined } {
  const name = `\`${shorten(spot.name)}\``;
  const expected = field.expected;
  if (isNothing(node)) return { message: `${name} is empty.`, found: kindOf(node), expected, hint: emptyHint(field, node) };
  if (!isScalar(node))
    return { message: `${name} must be a text.`, found: kindOf(node), expected, hint: isAnyText(field) ? collectionHint : undefined };
  if (field.secret === true) return { message: `${name} must be a text.`, found: kindOf(node), expected, hint: 'Put the value in quotes.' };
  const complaint = checkText(field, plainText(node));
  const right = complaint === undefined ? { suggestion: quoted(plainText(node)), hint: 'Put the value in quotes.' } : complaint;
  return { message: `${name} must be a text.`, found: shown(node), expected, suggestion: right.suggestion, hint: right.hint };
}

const collectionHint = 'Put all of it in single quotes, or below `|` where it has several lines.';

/** Whether every text is right there, so that quotes alone mend the value. */
function isAnyText(field: TextField): boolean {
  return field.check === undefined || field.secret === true;
}

function emptyHint(field: TextField, node: Node | undefined): string {
  const word = isScalar(node) && node.source !== undefined && node.source !== '' ? ' Without quotes, `~` and `null` mean nothing.' : '';
  return `Give it a value${isAnyText(field) ? " ('' for an empty text)" : ''}, or remove the line.${word}`;
}

/** A scalar that lacks nothing but quotes: a number or a boolean, and what else a file that states YAML 1.1 makes of plain text. */
function isPlain(node: Node | undefined): node is Scalar {
  return isScalar(node) && (['number', 'boolean', 'bigint'].includes(typeof node.value) || node.value instanceof Date);
}

/** One of the field's words. */
export function readWord<Word extends string>(
  reading: Reading,
  field: WordField<Word>,
  node: Node | undefined,
  spot: Spot,
): Word | undefined {
  const written = isScalar(node) && !isNothing(node) ? plainText(node) : undefined;
  const known = field.words.find((word) => word === written && isScalar(node) && typeof node.value === 'string');
  if (known !== undefined) return known;
  const expected = field.words.join(' or ');
  const suggestion =
    written === undefined
      ? onlyOne(field.words)
      : (synonymOf(field, written.toLowerCase()) ?? nearestWord(written, field.words) ?? onlyOne(field.words));
  reading.report.issue({
    path: spot.path,
    at: spot.at,
    message: `\`${spot.name}\` must be ${expected}.`,
    found: shown(node),
    expected,
    suggestion,
    hint: placeholderHint(node),
  });
  return undefined;
}

function synonymOf(field: WordField, written: string): string | undefined {
  return field.synonyms !== undefined && Object.hasOwn(field.synonyms, written) ? field.synonyms[written] : undefined;
}

function onlyOne(words: readonly string[]): string | undefined {
  return words.length === 1 ? words[0] : undefined;
}

/** A number within the field's bounds. */
export function readNumber(reading: Reading, field: NumberField, node: Node | undefined, spot: Spot): number | undefined {
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'number' && fits(field, value)) return value;
  const expected = field.expected ?? `${field.whole ? 'a whole number' : 'a number'} from ${field.min} to ${field.max}`;
  const message = isNothing(node) ? `\`${spot.name}\` is empty; it must be ${expected}.` : `\`${spot.name}\` must be ${expected}.`;
  const right = typeof value === 'number' || typeof value === 'string' ? repaired(field, value) : undefined;
  reading.report.issue({
    path: spot.path,
    at: spot.at,
    message,
    found: shown(node),
    expected,
    suggestion: right === undefined ? undefined : String(right),
    hint: placeholderHint(node),
  });
  return undefined;
}

function fits(field: NumberField, value: number): boolean {
  return Number.isFinite(value) && value >= field.min && value <= field.max && (!field.whole || Number.isInteger(value));
}

function repaired(field: NumberField, value: number | string): number | undefined {
  const special = field.repair?.(value);
  if (special !== undefined) return special;
  const number =
    typeof value === 'number' ? value : /^\s*[+-]?\d[\d_]*(\.\d+)?\s*$/.test(value) ? Number(value.replace(/_/g, '')) : Number.NaN;
  if (!Number.isFinite(number)) return undefined;
  const rounded = field.whole ? Math.round(number) : number;
  // A text that holds the right number lacks nothing but fewer quotes; a number out of range has no value that was surely meant.
  return fits(field, rounded) ? rounded : undefined;
}

const flagWords: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  y: true,
  '1': true,
  enabled: true,
  false: false,
  no: false,
  off: false,
  n: false,
  '0': false,
  disabled: false,
};

/** True or false. */
export function readFlag(reading: Reading, node: Node | undefined, spot: Spot): boolean | undefined {
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'boolean') return value;
  const word = isScalar(node) && !isNothing(node) ? plainText(node).toLowerCase() : '';
  const meant = Object.hasOwn(flagWords, word) ? flagWords[word] : undefined;
  reading.report.issue({
    path: spot.path,
    at: spot.at,
    message: `\`${spot.name}\` must be true or false.`,
    found: shown(node),
    expected: 'true or false',
    suggestion: meant === undefined ? undefined : String(meant),
    hint: placeholderHint(node),
  });
  return undefined;
}

/** A placeholder that reached this point was not substituted; some clients leave those with lower-case names. */
function placeholderHint(node: Node | undefined): string | undefined {
  const left = isScalar(node) && typeof node.value === 'string' && node.value.includes('${');
  return left ? 'A placeholder was not substituted. Some clients substitute names in upper case only.' : undefined;
}
