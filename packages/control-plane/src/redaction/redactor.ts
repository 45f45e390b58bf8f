// Takes secret values out of text before it is stored, shown or thrown.
import type { Needle } from './needles.ts';
import { anywhereLength, needlesOf } from './needles.ts';

/** Replaces secret values in text by `***`. */
export type Redactor = (text: string) => string;

/** A cut line may end in the beginning of a secret, or begin with its end; so much of one gives it away. */
const leastCutLength = 8;

/**
 * A redactor of these values: as they are, each line of those that have several, and escaped for JSON, percent-encoded, in hex and in base64.
 * Values of 6 characters and more are found anywhere, those of 4 and 5 as whole words. Not taken for secrets: values of up
 * to 3 characters, numbers of up to 5 digits, and ordinary words such as `true` or `production`.
 */
export function createRedactor(values: readonly string[]): Redactor {
  const needles = needlesOf(values);
  if (needles.length === 0) return (text) => text;
  return (text) => replaced(text, merged([...needles.flatMap((needle) => found(text, needle)), ...cutOff(text, needles)]));
}

/** The same redactor through every text inside plain data. */
export function redactDeep<Value>(value: Value, redact: Redactor): Value {
  if (typeof value === 'string') return redact(value) as Value;
  if (Array.isArray(value)) return value.map((item: unknown) => redactDeep(item, redact)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactDeep(item, redact)])) as Value;
}

type Span = readonly [start: number, end: number];

function found(text: string, { text: needle, wordOnly }: Needle): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    if (!wordOnly || (!isWord(text[at - 1]) && !isWord(text[end]))) spans.push([at, end]);
  }
  return spans;
}

function cutOff(text: string, needles: readonly Needle[]): Span[] {
  return needles
    .filter(({ text: needle }) => needle.length > Math.max(leastCutLength, anywhereLength))
    .flatMap(({ text: needle }) => {
      const tail = longest(needle.length - 1, text.length, (length) => text.endsWith(needle.slice(0, length)));
      const head = longest(needle.length - 1, text.length, (length) => text.startsWith(needle.slice(-length)));
      return [...(tail === 0 ? [] : [[text.length - tail, text.length] as const]), ...(head === 0 ? [] : [[0, head] as const])];
    });
}

function longest(most: number, bound: number, matches: (length: number) => boolean): number {
  for (let length = Math.min(most, bound); length >= leastCutLength; length -= 1) if (matches(length)) return length;
  return 0;
}

function merged(spans: readonly Span[]): readonly Span[] {
  const result: [number, number][] = [];
  for (const [start, end] of spans.toSorted((left, right) => left[0] - right[0])) {
    const last = result.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

function replaced(text: string, spans: readonly Span[]): string {
  let result = '';
  let at = 0;
  for (const [start, end] of spans) {
    result += `${text.slice(at, start)}***`;
    at = end;
  }
  return result + text.slice(at);
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
