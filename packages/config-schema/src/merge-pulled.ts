// Brings a pulled configuration into the file that is there, keeping its comments, its order and its placeholders.
import { readYaml } from '@runlayer/env-substitution';
import { isMap, isScalar, isSeq } from 'yaml';
import type { Document, Pair, Scalar, YAMLMap } from 'yaml';
import { linkAliases } from './aliases.ts';
import type { Config } from './config.ts';
import { parseConfig } from './parse-config.ts';
import { joinPath } from './shorten.ts';
import { yamlQuoted, yamlText } from './yaml-text.ts';

/** A scalar of the local file that gets another value. */
interface Change {
  readonly node: Scalar;
  readonly text: string;
}

interface Merge {
  readonly changes: Change[];
  /** Whether keys or list entries came or went, so that the file must be written anew. */
  restructured: boolean;
}

/**
 * The local file with the values of the pulled one. Comments, the order of keys and, where keys are neither added nor removed, every
 * other byte stay. An `env` entry that is a `${…}` expression in both keeps the local expression.
 *
 * The result always means what the pulled file means: where the local file cannot be brought there (it is broken, or uses aliases), the
 * pulled text itself is returned.
 */
export function mergePulled(localSource: string, pulledYaml: string): string {
  const local = readPlain(localSource);
  const pulled = readPlain(pulledYaml);
  if (local === undefined || pulled === undefined) return pulledYaml;
  const merge: Merge = { changes: [], restructured: false };
  mergeMaps(merge, local.contents as YAMLMap, pulled.contents as YAMLMap, '');
  const merged = write(localSource, local, merge);
  return meansTheSame(merged, pulledYaml) ? merged : pulledYaml;
}

/** A document whose root is a map and that has neither faults nor aliases. */
function readPlain(source: string): Document | undefined {
  const reading = readYaml(source);
  if (!('document' in reading)) return undefined;
  const { document } = reading;
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  const { links, faults } = linkAliases(document);
  return links.size === 0 && faults.length === 0 ? document : undefined;
}

function mergeMaps(merge: Merge, local: YAMLMap, pulled: YAMLMap, path: string): void {
  const wanted = byKey(pulled);
  const present = byKey(local);
  const kept = local.items.filter((pair) => wanted.has(keyOf(pair)) || isEmpty(pair.value));
  if (kept.length < local.items.length) merge.restructured = true;
  local.items = kept;
  for (const [key, pair] of wanted) {
    const mine = present.get(key);
    const inner = joinPath(path, key);
    if (mine !== undefined) mergePair(merge, mine, pair, inner);
    else if (!isDefault(inner, pair.value)) {
      local.items.push(pair);
      merge.restructured = true;
    }
  }
}

function mergePair(merge: Merge, local: Pair, pulled: Pair, path: string): void {
  const mine = local.value;
  const theirs = pulled.value;
  if (isMap(mine) && isMap(theirs)) mergeMaps(merge, mine, theirs, path);
  else if (isSeq(mine) && isSeq(theirs)) mergeLists(merge, mine, theirs);
  else if (isScalar(mine) && isScalar(theirs) && mine.range && mine.range[1] > mine.range[0]) mergeScalars(merge, mine, theirs, path);
  else {
    local.value = theirs;
    merge.restructured = true;
  }
}

function mergeLists(merge: Merge, local: { items: unknown[] }, pulled: { items: unknown[] }): void {
  const values = local.items.map(scalarValue);
  const wanted = pulled.items.map(scalarValue);
  if (values.length === wanted.length && values.every((value, index) => value === wanted[index])) return;
  // An entry that stays keeps its own node, and with it its comment.
  local.items = pulled.items.map((item, index) => local.items[values.indexOf(wanted[index])] ?? item);
  merge.restructured = true;
}

function mergeScalars(merge: Merge, local: Scalar, pulled: Scalar, path: string): void {
  const expression = (scalar: Scalar): boolean => typeof scalar.value === 'string' && scalar.value.includes('${');
  if (local.value === pulled.value || (path.startsWith('env') && expression(local) && expression(pulled))) return;
  local.value = pulled.value;
  delete local.source;
  local.type = pulled.type;
  merge.changes.push({ node: local, text: scalarText(pulled) });
}

function scalarText({ value, type }: Scalar): string {
  if (typeof value !== 'string') return String(value);
  return type === 'PLAIN' ? yamlText(value) : yamlQuoted(value);
}

function write(source: string, document: Document, merge: Merge): string {
  if (!merge.restructured) return splice(source, merge.changes);
  const text = document.toString({ lineWidth: 0 });
  const lines = source.includes('\r\n') ? text.replace(/\n/g, '\r\n') : text;
  return source.startsWith('\uFEFF') ? `\uFEFF${lines}` : lines;
}

function splice(source: string, changes: readonly Change[]): string {
  let text = source;
  for (const { node, text: replacement } of changes.toSorted((one, other) => (other.node.range?.[0] ?? 0) - (one.node.range?.[0] ?? 0))) {
    const [from, to] = node.range ?? [0, 0];
    const lineEnds = /[\r\n]*$/.exec(text.slice(from, to))?.[0] ?? '';
    text = text.slice(0, from) + replacement + lineEnds + text.slice(to);
  }
  return text;
}

/** Whether two files stand for one configuration, placeholders of `env` counting as one value. */
function meansTheSame(merged: string, pulled: string): boolean {
  const one = parseConfig(merged).config;
  const other = parseConfig(pulled).config;
  return one !== undefined && other !== undefined && comparable(one) === comparable(other);
}

function comparable(config: Config): string {
  const env = Object.entries(config.env).map(([name, value]) => [name, value.includes('${') ? '${}' : value] as const);
  const sorted = (values: Readonly<Record<string, string>>): unknown =>
    Object.entries(values).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const { build, infrastructure } = config;
  return JSON.stringify({
    ...config,
    build: build && { ...build, args: sorted(build.args) },
    infrastructure: { ...infrastructure, assumeRoles: sorted(infrastructure.assumeRoles) },
    env: sorted(Object.fromEntries(env)),
  });
}

function byKey(map: YAMLMap): Map<string, Pair> {
  return new Map(map.items.map((pair) => [keyOf(pair), pair]));
}

function keyOf(pair: Pair): string {
  return String(scalarValue(pair.key));
}

function scalarValue(node: unknown): unknown {
  return isScalar(node) ? node.value : node;
}

/** Nothing, false, or an empty collection: it means the same as no key at all, and an export leaves it out. */
function isEmpty(value: unknown): boolean {
  if (isMap(value) || isSeq(value)) return value.items.every((item) => isMap(value) && isEmpty((item as Pair).value));
  const plain = scalarValue(value);
  return plain === null || plain === undefined || plain === false;
}

const defaults: Readonly<Record<string, string>> = { runtime: 'docker', 'build.dockerfile': 'Dockerfile', 'build.context': '.' };

/** A value that an export writes and that a file may leave out. */
function isDefault(path: string, value: unknown): boolean {
  if (isMap(value)) return value.items.length > 0 && value.items.every((pair) => isDefault(joinPath(path, keyOf(pair)), pair.value));
  return defaults[path] !== undefined && defaults[path] === scalarValue(value);
}
