// JSON objects in which no member stands twice: parsers disagree on which of two counts, and forgers use that.

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object in a JSON text; `undefined` when it is no object or names a member twice at the top. Throws on text that is not JSON. */
export function parseStrictJson(text: string): JsonObject | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const names = topLevelNames(text);
  return new Set(names).size === names.length ? (value as JsonObject) : undefined;
}

/** The member names of the outermost object, in order. Relies on the text being valid JSON. */
function topLevelNames(text: string): string[] {
  const names: string[] = [];
  let depth = 0;
  for (const [part, colon] of parts(text)) {
    if (part === '{' || part === '[') depth += 1;
    else if (part === '}' || part === ']') depth -= 1;
    else if (depth === 1 && colon) names.push(JSON.parse(part) as string);
  }
  return names;
}

/** Brackets and strings of a JSON text; a string that a colon follows is a name. */
function* parts(text: string): Generator<[part: string, colon: boolean]> {
  for (const match of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    yield [match[1] ?? match[0], match[2] !== undefined];
  }
}
