// Shows a value from an untrusted file in a message: short, on one line, without control characters.

/** At most `length` characters of a text, on one line; a cut is marked with `…`. */
export function shorten(text: string, length = 60): string {
  const characters = Array.from(text.slice(0, 2 * length + 2));
  const cut = characters.length > length || text.length > 2 * length + 2;
  const kept = cut ? characters.slice(0, length - 1).join('') : text;
  return kept.replace(/[\p{C}\u2028\u2029]/gu, visible) + (cut ? '…' : '');
}

/** The same in double quotes. */
export function quoted(text: string): string {
  return JSON.stringify(shorten(text));
}

/** A key for a message: what follows `=` is left out, for `{TOKEN=secret}` is a key without a value to YAML. */
export function shownKey(key: string): string {
  return key.replace(/=[^]*/, '=…');
}

/** A key below a path: `env.PORT`, or `env["two words"]` for a key that is no plain name. */
export function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(key)) return `${path}[${quoted(shownKey(key))}]`;
  return path === '' ? key : `${path}.${key}`;
}

function visible(character: string): string {
  if (character === '\n') return '↵';
  return '\uFFFD';
}
