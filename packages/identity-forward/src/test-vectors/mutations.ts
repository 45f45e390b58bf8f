// What can be put in the place of a value that is right: the same list for every claim and every member of the header.
import type { Row } from './forgery.ts';

/** Makes the wrong value from the right one; `undefined` takes the member away. */
export type Mutation = (value: string) => unknown;

/** Not the text that it must be. */
export const ofAnotherType: readonly Row<Mutation>[] = [
  ['null', () => null],
  ['a number', () => 7],
  ['true', () => true],
  ['a list of it', (value) => [value]],
  ['an empty list', () => []],
  ['a map', (value) => ({ value })],
  ['an empty map', () => ({})],
];

/** Text that no identifier and no address may be. */
export const unfitText: readonly Row<Mutation>[] = [
  ['empty', () => ''],
  ['only spaces', () => '   '],
  ['only no-break spaces', () => '\u00a0\u3000\u00a0'],
  ['only a byte order mark', () => '\ufeff'],
  ['with a NUL', (value) => `${value}\0`],
  ['with a line end', (value) => `${value}\n`],
  ['with a carriage return and a header', (value) => `${value}\r\nX-Admin: 1`],
  ['with a tab', (value) => `\t${value}`],
  ['with an escape', (value) => `${value}\u001b[2J`],
  ['with a DEL', (value) => `${value}\u007f`],
  ['with a C1 control', (value) => `${value}\u0085`],
  ['with a line separator', (value) => `${value}\u2028`],
  ['with a paragraph separator', (value) => `\u2029${value}`],
  ['with half a surrogate pair', (value) => `${value}\ud800`],
];

/** Text that is not the same text, though a careless comparison may take it for that. */
export const lookAlikes: readonly Row<Mutation>[] = [
  ['empty', () => ''],
  ['with a space before', (value) => ` ${value}`],
  ['with a space after', (value) => `${value} `],
  ['with a line end after', (value) => `${value}\n`],
  ['with a NUL after', (value) => `${value}\0`],
  ['with a zero-width space', (value) => `${value.slice(0, 2)}\u200b${value.slice(2)}`],
  ['with a byte order mark', (value) => `\ufeff${value}`],
  ['with a letter that looks alike', lookAlike],
  ['in fullwidth letters', fullwidth],
  ['with one character less', (value) => value.slice(0, -1)],
  ['with one character more', (value) => `${value}0`],
  ['written twice', (value) => value + value],
  ['of 2000 characters', (value) => value.padEnd(2000, 'x')],
];

const twins: Readonly<Record<string, string>> = { a: '\u0430', c: '\u0441', e: '\u0435', o: '\u043e', E: '\u0415', J: '\u0408' };

/** The first letter that has a twin in Cyrillic is changed; a text without one gets an accent, which is as hard to see. */
function lookAlike(value: string): string {
  const changed = value.replace(/[aceoEJ]/, (letter) => twins[letter] ?? letter);
  return changed === value ? `${value}\u0301` : changed;
}

/** NFKC folds these back to what they look like. */
function fullwidth(value: string): string {
  return value.replaceAll(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
}
