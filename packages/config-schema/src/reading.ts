// What every step of reading a file shares: where faults go, what aliases stand for, and where each known key stood.
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Scalar } from 'yaml';
import type { Links } from './aliases.ts';
import type { Report } from './report.ts';
import { quoted, shorten } from './shorten.ts';
import type { Homes } from './unknown-key.ts';

/** The state of one reading. */
export interface Reading {
  readonly report: Report;
  readonly links: Links;
  /** Offset of the value (or key, where there is no value) at each path of a known key that the file has. */
  readonly places: Map<string, number>;
  /** Where each known key belongs. */
  readonly homes: Homes;
}

/** The node itself, or what its alias stands for. An empty value is undefined or a null scalar. */
export function followed(reading: Reading, node: unknown): Node | undefined {
  if (isAlias(node)) return reading.links.get(node);
  return isScalar(node) || isMap(node) || isSeq(node) ? node : undefined;
}

/** Whether nothing stands there: `key:` or `key: null`. */
export function isNothing(node: Node | undefined): boolean {
  return node === undefined || (isScalar(node) && (node.value === null || node.value === undefined));
}

/** What kind of value stands there, in a reader's words, without showing it. */
export function kindOf(node: Node | undefined): string {
  if (node === undefined || isNothing(node)) return 'nothing';
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  const value = (node as Scalar).value;
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number';
  if (value instanceof Date) return 'a date';
  return typeof value === 'boolean' ? 'true or false' : 'another type';
}

/** The value as the reader wrote it, shortened; the kind where it is no scalar. Never call it for a secret. */
export function shown(node: Node | undefined): string {
  if (!isScalar(node) || isNothing(node)) return kindOf(node);
  return typeof node.value === 'string' ? quoted(node.value) : shorten(plainText(node));
}

/** The text a plain scalar was written with: `1.10` stays `1.10`, and `yes` stays `yes` where a file states YAML 1.1. */
export function plainText(scalar: Scalar): string {
  // A document that another program substituted may hold the placeholder still.
  const { source, value } = scalar;
  return typeof source === 'string' && !source.includes('$') ? source : String(value);
}
