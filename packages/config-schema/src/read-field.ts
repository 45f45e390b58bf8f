// Reads a YAML node as a field of the shape, reporting whatever does not fit.
import { isMap, isScalar, isSeq } from 'yaml';
import type { Node, YAMLSeq } from 'yaml';
import { entriesOf } from './entries.ts';
import type { Entry } from './entry.ts';
import type { Field, ListField, MapField, SectionField, ValueOf } from './field.ts';
import { followed, isNothing, kindOf, shown } from './reading.ts';
import type { Reading } from './reading.ts';
import { readFlag, readNumber, readText, readWord } from './read-scalar.ts';
import { joinPath, quoted, shownKey } from './shorten.ts';
import { named } from './spot.ts';
import type { Spot } from './spot.ts';
import { unknownKey } from './unknown-key.ts';

/** The value, with every part that is faulty left out and reported. */
export function readField<F extends Field>(reading: Reading, field: F, node: Node | undefined, spot: Spot): ValueOf<F> | undefined {
  return readAny(reading, field, node, spot) as ValueOf<F> | undefined;
}

function readAny(reading: Reading, field: Field, node: Node | undefined, spot: Spot): unknown {
  switch (field.kind) {
    case 'text':
      return readText(reading, field, node, spot);
    case 'word':
      return readWord(reading, field, node, spot);
    case 'number':
      return readNumber(reading, field, node, spot);
    case 'flag':
      return readFlag(reading, node, spot);
    case 'list':
      return readList(reading, field, node, spot);
    case 'map':
      return readMap(reading, field, node, spot);
    case 'section':
      return readSection(reading, field, node, spot);
    case 'refused':
      reading.report.issue({ path: spot.path, at: spot.at, message: field.message, hint: field.hint });
      return undefined;
  }
}

function readSection(reading: Reading, field: SectionField, node: Node | undefined, spot: Spot): Record<string, unknown> | undefined {
  if (isNothing(node)) {
    if (field.emptyHint !== undefined) {
      reading.report.issue({
        path: spot.path,
        at: spot.at,
        message: `\`${spot.name}\` is empty.`,
        found: kindOf(node),
        expected: 'a map',
        hint: field.emptyHint,
      });
      return undefined;
    }
    return requireKeys(reading, field, {}, new Set(), spot);
  }
  if (!isMap(node)) {
    const expected = `a map with the keys ${Object.keys(field.keys).join(', ')}`;
    reading.report.issue({
      path: spot.path,
      at: spot.at,
      message: `${subject(spot)} must be a map of keys and values.`,
      found: kindOf(node),
      expected,
    });
    return undefined;
  }
  const values: Record<string, unknown> = {};
  const present = new Set<string>();
  for (const entry of entriesOf(reading, node, spot.path)) {
    const known = Object.hasOwn(field.keys, entry.key) ? field.keys[entry.key] : undefined;
    if (known === undefined) reading.report.issue(() => unknownKey(reading.homes, entry, field, spot.path));
    else {
      present.add(entry.key);
      const inner = spotOf(entry, spot.path);
      reading.places.set(inner.path, inner.at ?? 0);
      values[entry.key] = readAny(reading, known, entry.value, inner);
    }
  }
  return requireKeys(reading, field, values, present, spot);
}

function requireKeys<Values>(reading: Reading, field: SectionField, values: Values, present: ReadonlySet<string>, spot: Spot): Values {
  for (const key of field.required ?? []) {
    const missing = field.keys[key];
    if (!present.has(key) && missing !== undefined) reportMissing(reading, missing, key, spot);
  }
  return values;
}

function reportMissing(reading: Reading, missing: Field, key: string, spot: Spot): void {
  const path = joinPath(spot.path, key);
  // A section that is missing is told by what it must hold.
  if (missing.kind === 'section') requireKeys(reading, missing, {}, new Set(), { path, name: key, at: spot.at });
  else reading.report.issue({ path, at: spot.at, message: `\`${key}\` is missing.`, ...howToAdd(missing, key, spot) });
}

function howToAdd(
  missing: Field,
  key: string,
  spot: Spot,
): { expected?: string | undefined; suggestion?: string | undefined; hint?: string | undefined } {
  const scalar = typeof missing.example === 'string' || typeof missing.example === 'number';
  const suggestion = scalar ? `${key}: ${missing.example}` : undefined;
  const hint = spot.path === '' ? undefined : `Add it below \`${spot.path}\`.`;
  return { expected: missing.kind === 'text' ? missing.expected : undefined, suggestion, hint };
}

function readMap(reading: Reading, field: MapField, node: Node | undefined, spot: Spot): Record<string, unknown> | undefined {
  if (isNothing(node)) return {};
  if (!isMap(node)) {
    const message = `\`${spot.name}\` must be a map from the name of a ${field.names} to its value.`;
    const hint = isSeq(node) ? 'Write `NAME: value` on a line of its own for each, without a dash.' : undefined;
    reading.report.issue({ path: spot.path, at: spot.at, message, found: kindOf(node), expected: 'a map', hint });
    return undefined;
  }
  const values: Array<[string, unknown]> = [];
  for (const entry of entriesOf(reading, node, spot.path)) {
    const inner = spotOf(entry, spot.path);
    reading.places.set(inner.path, inner.at ?? 0);
    const complaint = field.checkName(entry.key);
    if (complaint !== undefined) reading.report.issue({ ...named(complaint, quoted(inner.name)), path: inner.path, at: entry.at });
    const value = readAny(reading, field.value, entry.value, inner);
    if (complaint === undefined && value !== undefined) values.push([entry.key, value]);
  }
  // Built at once: a name such as `__proto__` is an entry like any other.
  return Object.fromEntries(values);
}

function readList(reading: Reading, field: ListField, node: Node | undefined, spot: Spot): unknown[] | undefined {
  if (isNothing(node)) return [];
  if (!isSeq(node)) {
    const suggestion = isScalar(node) && typeof node.value === 'string' ? `[${shown(node)}]` : undefined;
    reading.report.issue({
      path: spot.path,
      at: spot.at,
      message: `\`${spot.name}\` must be a list.`,
      found: kindOf(node),
      expected: 'a list',
      suggestion,
    });
    return undefined;
  }
  if (node.items.length > field.maxItems) {
    const message = `\`${spot.name}\` has ${node.items.length} entries; at most ${field.maxItems} are allowed.`;
    reading.report.issue({ path: spot.path, at: spot.at, message });
    return undefined;
  }
  return readItems(reading, field, node, spot);
}

function readItems(reading: Reading, field: ListField, list: YAMLSeq, spot: Spot): unknown[] {
  const values: unknown[] = [];
  for (const [index, item] of list.items.entries()) {
    const path = `${spot.path}[${index}]`;
    const at = (item as Node | null)?.range?.[0] ?? spot.at;
    reading.places.set(path, at ?? 0);
    values.push(readAny(reading, field.item, followed(reading, item), { path, name: spot.name, at }));
  }
  return values;
}

function spotOf(entry: Entry, path: string): Spot {
  const at = isNothing(entry.value) ? entry.at : (entry.valueAt ?? entry.at);
  return { path: joinPath(path, entry.key), name: shownKey(entry.key), at };
}

function subject(spot: Spot): string {
  return spot.path === '' ? 'The file' : `\`${spot.name}\``;
}
