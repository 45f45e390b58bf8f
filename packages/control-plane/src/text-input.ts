// Short texts that people give: trimmed, bounded, and free of control characters (a name ends in headers and logs).
import { fail } from './error-codes.ts';

// eslint-disable-next-line no-control-regex -- they are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** The text, trimmed. Throws `ERR_INPUT_INVALID` naming the field when it is empty, too long, or holds control characters. */
export function shortText(value: unknown, field: string, longest = 200): string {
  if (typeof value !== 'string') throw fail('ERR_INPUT_INVALID', `The ${field} must be text.`);
  const text = value.trim();
  if (text === '') throw fail('ERR_INPUT_INVALID', `The ${field} is empty.`);
  if (text.length > longest) throw fail('ERR_INPUT_INVALID', `The ${field} has ${text.length} characters; at most ${longest} are allowed.`);
  if (control.test(value)) throw fail('ERR_INPUT_INVALID', `The ${field} holds a line break or another control character.`);
  if (!text.isWellFormed()) throw fail('ERR_INPUT_INVALID', `The ${field} is not well-formed Unicode.`);
  return text;
}

/** The same for a text that may be left out; an empty one is none. */
export function optionalText(value: string | null | undefined, field: string, longest = 200): string | null {
  return value === undefined || value === null || value.trim() === '' ? null : shortText(value, field, longest);
}
