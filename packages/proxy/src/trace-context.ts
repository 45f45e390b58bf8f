// Reads the trace that a call belongs to, so that its record can be found from there. The headers themselves pass untouched.

/**
 * Trace id of a `traceparent` header, 32 hexadecimal digits; `undefined` when the header is missing or not valid.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  if (traceparent === undefined || traceparent.length < shortest || traceparent.length > longest) return undefined;
  const version = traceparent.slice(0, 2);
  if (version === 'ff' || (version === '00' && traceparent.length !== shortest)) return undefined;
  if (traceparent.length > shortest && traceparent[shortest] !== '-') return undefined;
  if (traceparent[2] !== '-' || traceparent[35] !== '-' || traceparent[52] !== '-') return undefined;
  if (!isHex(version) || !isId(traceparent.slice(36, 52)) || !isHex(traceparent.slice(53, shortest))) return undefined;
  const traceId = traceparent.slice(3, 35);
  return isId(traceId) ? traceId : undefined;
}

/** Version, trace id, parent id and flags with three hyphens. Later versions may add to it. */
const shortest = 55;
const longest = 256;

function isId(text: string): boolean {
  return isHex(text) && !/^0+$/.test(text);
}

function isHex(text: string): boolean {
  return /^[0-9a-f]+$/.test(text);
}
