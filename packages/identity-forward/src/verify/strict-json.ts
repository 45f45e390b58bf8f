// JSON objects in which no member stands twice: parsers disagree on which of two counts, and forgers use that.

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

const quote = 0x22;
const colon = 0x3a;

/** The object in a JSON text; `undefined` when it is no object or names a member twice at the top. Throws on text that is not JSON. */
export function parseStrictJson(text: string): JsonObject | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return isReadAsWritten(text, value) ? (value as JsonObject) : undefined;
}

/** Whether the parser has every member that is written: it keeps one of each name, so that of two the counts tell. */
function isReadAsWritten(text: string, value: object): boolean {
  const read = Object.keys(value).length;
  if (!text.includes('\\')) return scanMembers(text, endOfPlain) === read;
  const names = new Set<string>();
  const written = scanMembers(text, endOfEscaped, (name) => names.add(JSON.parse(name) as string));
  // V8 13.6 (Node 24) may read a name of one escaped character as a backslash, so where there are escapes the names are compared too.
  return written === read && names.size === read && [...names].every((name) => Object.hasOwn(value, name));
}

/**
 * How many members the outermost object is written with: its colons, one each. `onName` gets each name as it is written, quotes and all.
 * Relies on the text being valid JSON.
 */
function scanMembers(text: string, endOfString: (text: string, start: number) => number, onName?: (name: string) => void): number {
  let members = 0;
  let depth = 0;
  let start = 0;
  let end = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      start = index;
      end = endOfString(text, start);
      index = end;
    } else if (code === colon) {
      if (depth !== 1) continue;
      members += 1;
      onName?.(text.slice(start, end + 1));
    } else depth += depthChange(code);
  }
  return members;
}

/** Brackets and braces differ from each other in one bit, which does not matter here. */
function depthChange(code: number): number {
  return (code | 0x20) === 0x7b ? 1 : (code | 0x20) === 0x7d ? -1 : 0;
}

/** Where the string that opens at `start` is closed, in a text without a backslash. */
function endOfPlain(text: string, start: number): number {
  return text.indexOf('"', start + 1);
}

function endOfEscaped(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text[first - 1] === '\\') first -= 1;
  return ((index - first) & 1) === 1;
}
