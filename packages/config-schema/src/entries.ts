// The entries of a YAML map: keys as text, merge keys (`<<`) followed, duplicates reported.
import { isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';
import type { Entry } from './entry.ts';
import { followed } from './reading.ts';
import type { Reading } from './reading.ts';
import { joinPath, quoted, shownKey } from './shorten.ts';

/** Every entry in the order of the file. A key given twice keeps its first value; a key of the map itself wins over a merged one. */
export function entriesOf(reading: Reading, map: YAMLMap, path: string): Entry[] {
  const found = new Map<string, Entry>();
  const merged: Node[] = [];
  for (const pair of map.items) {
    if (isMergeKey(pair)) merged.push(...mergedMaps(reading, pair, path));
    else addEntry(reading, found, pair, path);
  }
  for (const source of merged) mergeInto(reading, found, source as YAMLMap, path);
  return [...found.values()];
}

function addEntry(reading: Reading, found: Map<string, Entry>, pair: Pair, path: string): void {
  const keyNode = followed(reading, pair.key);
  const at = offset(pair.key) ?? keyNode?.range?.[0];
  if (!isScalar(keyNode) || typeof keyNode.value !== 'string') {
    const hint = isScalar(keyNode) ? 'Put the key in quotes.' : undefined;
    reading.report.issue({ path, at, message: 'A key must be a text.', expected: 'a text as key', hint });
    return;
  }
  const key = keyNode.value;
  if (found.has(key)) {
    reading.report.issue({
      path: joinPath(path, key),
      at,
      message: `${quoted(shownKey(key))} is given twice.`,
      expected: 'each key once',
      hint: 'Remove one of them.',
    });
    return;
  }
  found.set(key, { key, at, value: followed(reading, pair.value), valueAt: offset(pair.value) });
}

function mergeInto(reading: Reading, found: Map<string, Entry>, source: YAMLMap, path: string): void {
  for (const entry of entriesOf(reading, source, path)) {
    if (!found.has(entry.key)) found.set(entry.key, entry);
  }
}

/** The maps that a merge key names: one, or a list of them, nearest first. @see https://yaml.org/type/merge.html */
function mergedMaps(reading: Reading, pair: Pair, path: string): Node[] {
  const value = followed(reading, pair.value);
  const sources = isSeq(value) ? value.items.map((item) => followed(reading, item)) : [value];
  const maps = sources.filter((source) => isMap(source));
  if (maps.length !== sources.length) {
    const message = 'A merge key (`<<`) takes a map or a list of maps.';
    reading.report.issue({
      path,
      at: offset(pair.value) ?? offset(pair.key),
      message,
      expected: 'an alias of a map, such as `<<: *defaults`',
    });
  }
  return maps;
}

function isMergeKey(pair: Pair): boolean {
  const key = pair.key;
  if (!isScalar(key) || (key.type !== undefined && key.type !== 'PLAIN')) return false;
  // A document parsed with merge support holds a symbol there.
  return key.value === '<<' || (typeof key.value === 'symbol' && key.value.description === '<<');
}

function offset(node: unknown): number | undefined {
  return (node as Partial<Node> | null | undefined)?.range?.[0];
}
