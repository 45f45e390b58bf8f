// Makes a text that a caller chose fit for a log line: short, and without characters that forge lines or hide what stands there.

/** Most characters of a name that is kept; a longer one ends in an ellipsis. */
export const longestName = 128;

/** Control characters, marks that turn or hide text, line separators, lone surrogates. */
const unfit = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The name without what does not belong in a log; `undefined` when nothing is left. */
export function logName(name: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  if (name.length <= longestName && isPlain(name)) return name;
  // Cut before and after: the first keeps the work small, the second the name.
  const clean = name.slice(0, 4 * longestName).replaceAll(unfit, '');
  if (clean.length <= longestName) return clean === '' ? undefined : clean;
  return `${clean.slice(0, longestName - 1).replaceAll(unfit, '')}…`;
}

/** A resource's address without what may be secret in it: user, password, query and fragment. */
export function logAddress(uri: string | undefined): string | undefined {
  if (uri === undefined) return undefined;
  const cut = firstOf(uri, '?', '#');
  const authority = uri.indexOf('://');
  if (authority === -1 || authority > cut) return logName(uri.slice(0, cut));
  const host = authority + 3;
  const path = uri.indexOf('/', host);
  const user = uri.slice(host, path === -1 || path > cut ? cut : path).lastIndexOf('@');
  return logName(user === -1 ? uri.slice(0, cut) : uri.slice(0, host) + uri.slice(host + user + 1, cut));
}

function firstOf(text: string, ...signs: readonly string[]): number {
  return Math.min(...signs.map((sign) => text.indexOf(sign)).map((at) => (at === -1 ? text.length : at)));
}

/** Whether a text is printable ASCII only. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}
