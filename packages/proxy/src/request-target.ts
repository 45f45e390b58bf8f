// Reads the request target byte by byte: which route it names, and whether its path has only one possible meaning.

/** All public URLs of the proxy begin so, or hold it after a well-known path. */
export const proxyPrefix = '/api/v1/proxy/';
const hostedPrefix = '/api/v1/proxy/hosted/';
const uuidLength = 36;

/** What a request target names. */
export interface RequestTarget {
  readonly kind: 'hosted' | 'connector';
  /** UUID, lower case. */
  readonly id: string;
  /** Path of the platform's own up to the id, without a slash at its end. */
  readonly prefix: string;
  /** Path below the prefix as it was sent: empty, or beginning with a slash. */
  readonly path: string;
  /** Query as it was sent, with its question mark; empty without one. */
  readonly query: string;
  /**
   * The discovery document that is asked for at the platform's root, such as `/.well-known/openid-configuration`: it stood before the
   * prefix, and `path` begins with it. Empty for every other URL.
   */
  readonly document: string;
}

/** The path that was called, without its query. */
export function publicPathOf({ document, prefix, path }: RequestTarget): string {
  return document + prefix + path.slice(document.length);
}

/** The parts of a request target below {@link proxyPrefix}; `undefined` when it names nothing. */
export function readTarget(url: string): RequestTarget | undefined {
  if (!url.startsWith(proxyPrefix)) return undefined;
  const kind = url.startsWith(hostedPrefix) ? 'hosted' : 'connector';
  const start = kind === 'hosted' ? hostedPrefix.length : proxyPrefix.length;
  const end = start + uuidLength;
  const id = url.slice(start, end);
  const question = url.indexOf('?', end);
  const pathEnd = question === -1 ? url.length : question;
  if (!isUuid(id) || (pathEnd > end && url.charCodeAt(end) !== slash)) return undefined;
  return { kind, id, prefix: url.slice(0, end), path: url.slice(end, pathEnd), query: url.slice(pathEnd), document: '' };
}

/** Whether a text is a UUID in lower case. */
export function isUuid(text: string): boolean {
  if (text.length !== uuidLength) return false;
  for (let index = 0; index < uuidLength; index += 1) {
    const code = text.charCodeAt(index);
    const ok = index === 8 || index === 13 || index === 18 || index === 23 ? code === dash : isLowerHex(code);
    if (!ok) return false;
  }
  return true;
}

/**
 * The path with its percent-encoding read once, or `undefined` when servers disagree about what it means: empty, `.` and `..`
 * segments, `;`, backslash, `#`, anything outside ASCII or below space, and any encoding of those, of a slash, of a dot or of
 * another encoding. Such paths are refused rather than repaired.
 */
export function plainPath(path: string): string | undefined {
  let decoded = '';
  let copied = 0;
  let segment = 0;
  for (let index = 0; index < path.length; index += 1) {
    const code = path.charCodeAt(index);
    if (code === slash) {
      if (index > 0 && isOddSegment(path, segment, index)) return undefined;
      segment = index + 1;
    } else if (code === percent) {
      const byte = hexPair(path, index + 1);
      if (byte === undefined || isAmbiguousEncoded(byte) || (byte === percent && hexPair(path, index + 3) !== undefined)) return undefined;
      decoded += path.slice(copied, index) + String.fromCharCode(byte);
      copied = index + 3;
      index += 2;
    } else if (isAmbiguous(code)) return undefined;
  }
  if (segment < path.length && isOddSegment(path, segment, path.length)) return undefined;
  return decoded + path.slice(copied);
}

const slash = 47;
const dash = 45;
const dot = 46;
const percent = 37;
const semicolon = 59;
const backslash = 92;

/** Empty, `.` or `..`. An encoded dot has been refused before. */
function isOddSegment(path: string, start: number, end: number): boolean {
  const length = end - start;
  return length === 0 || (path.charCodeAt(start) === dot && (length === 1 || (length === 2 && path.charCodeAt(start + 1) === dot)));
}

/** Control characters, space, anything outside ASCII, and the separators on which servers disagree. */
function isAmbiguous(code: number): boolean {
  return code < 33 || code > 126 || code === backslash || code === semicolon || code === 35;
}

/** Encoded, a space or a byte of UTF-8 is plain text; a separator or a control character is a trick. */
function isAmbiguousEncoded(byte: number): boolean {
  return byte < 32 || byte === 127 || byte === slash || byte === dot || byte === backslash || byte === semicolon;
}

function hexPair(text: string, index: number): number | undefined {
  const high = hexDigit(text.charCodeAt(index));
  const low = hexDigit(text.charCodeAt(index + 1));
  return high === undefined || low === undefined ? undefined : high * 16 + low;
}

function hexDigit(code: number): number | undefined {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  return code >= 65 && code <= 70 ? code - 55 : undefined;
}

function isLowerHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102);
}
