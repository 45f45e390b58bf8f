// Writes the deployment's id into a file and leaves every other byte as it is.
import { readYaml } from '@runlayer/env-substitution';
import { isMap, isScalar } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';
import { configError } from './error-codes.ts';
import { yamlText } from './yaml-text.ts';

/** One replacement in a text. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The file with this id: the value of its top-level `id` replaced, empty or not, else a line put before its first key. Comments,
 * blank lines, line ends, a byte order mark and all other keys keep their bytes.
 *
 * Throws `ERR_CONFIG_NOT_EDITABLE` for a file that is no YAML map.
 */
export function setId(source: string, id: string): string {
  const root = readRoot(source);
  const splice = root === undefined ? append(source, id) : editMap(source, root, id);
  const edited = splice === undefined ? undefined : source.slice(0, splice.from) + splice.text + source.slice(splice.to);
  if (edited === undefined || readId(edited) !== id) throw notEditable('The id has no plain place in this file.');
  return edited;
}

/**
 * The id a file states, as text, or undefined where it states none or is no YAML map. Never throws, and looks at nothing else: a file
 * that is invalid elsewhere still tells which deployment it belongs to.
 */
export function readId(source: string): string | undefined {
  try {
    const value = readRoot(source)?.items.find(isId)?.value;
    return isScalar(value) && typeof value.value === 'string' && value.value !== '' ? value.value : undefined;
  } catch {
    return undefined;
  }
}

function readRoot(source: string): YAMLMap | undefined {
  const reading = readYaml(source);
  if (!('document' in reading)) throw notEditable(reading.refused);
  const { contents, errors } = reading.document;
  if (errors.length > 0) throw notEditable('The file is not valid YAML.');
  if (contents === null || (isScalar(contents) && contents.value === null)) return undefined;
  if (!isMap(contents)) throw notEditable('The file is not a map of keys and values.');
  return contents;
}

function editMap(source: string, root: YAMLMap, id: string): Splice | undefined {
  const pair = root.items.find(isId);
  if (pair !== undefined) return replaceValue(source, pair, id, root.flow === true);
  return root.flow === true ? insertInFlow(source, root, id) : insertLine(source, root, id);
}

function replaceValue(source: string, { key, value }: Pair, id: string, flow: boolean): Splice | undefined {
  const range = (value as Node | null)?.range;
  if (range && range[1] > range[0])
    return { from: range[0], to: range[1], text: sameQuotes(value, id) + (/[\r\n]*$/.exec(source.slice(range[0], range[1]))?.[0] ?? '') };
  const keyEnd = (key as Node).range?.[1] ?? 0;
  const colon = /^[ \t]*:/.exec(source.slice(keyEnd));
  if (colon !== null) return { from: keyEnd + colon[0].length, to: keyEnd + colon[0].length, text: ` ${yamlText(id)}` };
  return flow ? { from: keyEnd, to: keyEnd, text: `: ${yamlText(id)}` } : undefined;
}

function sameQuotes(value: unknown, id: string): string {
  const type = isScalar(value) ? value.type : undefined;
  if (/['"\\]/.test(id)) return yamlText(id);
  if (type === 'QUOTE_DOUBLE') return `"${id}"`;
  return type === 'QUOTE_SINGLE' ? `'${id}'` : yamlText(id);
}

function insertLine(source: string, root: YAMLMap, id: string): Splice | undefined {
  const first = (root.items[0]?.key as Node | undefined)?.range?.[0];
  if (first === undefined) return undefined;
  const lineStart = source.lastIndexOf('\n', first - 1) + 1;
  const at = source[lineStart] === '\uFEFF' ? lineStart + 1 : lineStart;
  const indent = /^ */.exec(source.slice(at))?.[0] ?? '';
  return { from: at, to: at, text: `${indent}id: ${yamlText(id)}${lineEnd(source)}` };
}

function insertInFlow(source: string, root: YAMLMap, id: string): Splice | undefined {
  const at = source.indexOf('{', root.range?.[0] ?? 0) + 1;
  if (at === 0) return undefined;
  return { from: at, to: at, text: `id: ${yamlText(id)}${root.items.length === 0 ? '' : ', '}` };
}

function append(source: string, id: string): Splice {
  const end = lineEnd(source);
  const separator = source === '' || source === '\uFEFF' || source.endsWith('\n') ? '' : end;
  return { from: source.length, to: source.length, text: `${separator}id: ${yamlText(id)}${end}` };
}

function lineEnd(source: string): string {
  return source.includes('\r\n') ? '\r\n' : '\n';
}

function isId(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === 'id';
}

function notEditable(message: string): Error {
  return configError('ERR_CONFIG_NOT_EDITABLE', message, { hint: 'Write the id into the file by hand: `id: <UUID>` at the top.' });
}
