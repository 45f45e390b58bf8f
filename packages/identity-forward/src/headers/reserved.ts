// Which inbound headers a gateway must drop: every spelling that some server folds into one of ours.

const prefix = 'x-runlayer-';
const dash = 45;

/**
 * Whether a client may not send this header to an upstream: its lower-cased name, with `_`, `.` and every other mark read as `-`
 * (WSGI, CGI and PHP fold some of them into one, lighttpd all), begins with `x-runlayer-`. True for the platform's API key header too.
 */
export function isReservedHeader(name: string): boolean {
  if (name.length < prefix.length) return false;
  for (let index = 0; index < prefix.length; index += 1) {
    if (folded(name.charCodeAt(index)) !== prefix.charCodeAt(index)) return false;
  }
  return true;
}

function folded(code: number): number {
  if (code >= 65 && code <= 90) return code + 32;
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) ? code : dash;
}
