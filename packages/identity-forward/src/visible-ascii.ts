// What nearly every id and address is made of, told without a regular expression: each token is asked several times.

/** Whether a text is not empty and has printable ASCII characters only, no space among them. */
export function isVisibleAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x21 || code > 0x7e) return false;
  }
  return text !== '';
}
