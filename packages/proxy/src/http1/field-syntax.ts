// Which characters a head may hold, looked up by code: one table for what is written and what is read.

const token = 1;
const text = 2;

/** Bits for each of the 256 characters. @see https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
const kinds: Uint8Array = makeKinds();

function makeKinds(): Uint8Array {
  const table = new Uint8Array(256);
  for (let code = 0; code < 256; code += 1) {
    const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
    if (letter || "!#$%&'*+-.^_`|~".includes(String.fromCharCode(code))) table[code] = token | text;
    else if (code === 9 || (code >= 32 && code !== 127)) table[code] = text;
  }
  return table;
}

/** Index of the first character from `start` on that no token holds, or `end`. */
export function endOfToken(value: string, start: number, end: number): number {
  let index = start;
  while (index < end && ((kinds[value.charCodeAt(index)] as number) & token) !== 0) index += 1;
  return index;
}

/** Whether there is something, and nothing but token characters. */
export function isToken(value: string): boolean {
  return value !== '' && endOfToken(value, 0, value.length) === value.length;
}

/** Whether a part holds only what a field value may: no control character but the tab, and nothing beyond one byte. */
export function isFieldText(value: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    // Beyond the table there is `undefined`, of which no bit is set: such a character would be cut to one byte, which could be a line feed.
    if (((kinds[value.charCodeAt(index)] as number) & text) === 0) return false;
  }
  return true;
}

/** Whether a character is a space or a tab. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
