// Writes one scalar so that every YAML reader, 1.1 and 1.2, reads the same text.

/** Words that YAML 1.1 or 1.2 reads as another type. @see https://yaml.org/type/bool.html */
const typedWord = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf|e[0-9]+)$/i;

// Begins with a letter, a slash, a relative folder or a whole UUID, so that no reader takes it for a number or a date.
const plainText = /^(?:[A-Za-z_/]|\.{1,2}(?:\/|$)|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)[A-Za-z0-9_./@+:-]*$/;

/** A text as a YAML scalar on one line: plain where no reader can misread it, else in quotes. */
export function yamlText(text: string): string {
  return plainText.test(text) && !text.endsWith(':') && !typedWord.test(text) ? text : yamlQuoted(text);
}

/** A text as a quoted YAML scalar on one line. */
export function yamlQuoted(text: string): string {
  // Single quotes leave `$`, `"` and `\` alone; a line break or a control character can only be written in double quotes.
  return /^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text)
    ? `'${text.replace(/'/g, "''")}'`
    : doubleQuoted(text);
}

function doubleQuoted(text: string): string {
  // JSON is YAML, but for the characters that YAML calls not printable.
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
