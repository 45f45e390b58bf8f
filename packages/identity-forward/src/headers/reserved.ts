// Which inbound headers a gateway must drop: every spelling that some server folds into one of ours.

const prefix = 'x-runlayer-';
const dash = 45;

/**
 * Whether a client may not send this header to an upstream: its lower-cased name, with `_` and `.` read as `-`
 * (WSGI, CGI and PHP fold them into one), begins with `x-runlayer-`. True for the platform's API key header too.
 */
export function isReservedHeader(name: string): boolean {
  if (name.length < prefix.length) return false;
  for (let index = 0; index < prefix.length; index += 1) {
    if (folded(name.charCodeAt(index)) !== prefix.charCodeAt(index)) return false;
  }
  return true;
}

function folded(code: number): number {
  if (code === 46 || code === 95) return dash;
  return code >= 65 && code <= 90 ? code + 32 : code;
}
