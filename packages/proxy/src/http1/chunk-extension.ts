// Chunk extensions mean nothing to a proxy, but one that is not well formed may hide a line that others read differently.
import { endOfToken } from './field-syntax.ts';

/**
 * Whether a text, from its first `;` on, is a list of extensions. White space, which the grammar calls bad, is refused.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-7.1.1
 */
export function isChunkExtension(text: string): boolean {
  let at = 0;
  while (at < text.length) {
    if (text[at] !== ';') return false;
    const name = endOfToken(text, at + 1, text.length);
    if (name === at + 1) return false;
    at = text[name] === '=' ? endOfValue(text, name + 1) : name;
    if (at === -1) return false;
  }
  return true;
}

function endOfValue(text: string, start: number): number {
  if (text[start] === '"') return endOfQuoted(text, start + 1);
  const end = endOfToken(text, start, text.length);
  return end === start ? -1 : end;
}

function endOfQuoted(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    // A quoted pair may hold anything that the text itself may.
    if (code === 92) at += 1;
    if (!isQuotable(text.charCodeAt(at))) return -1;
  }
  return -1;
}

function isQuotable(code: number): boolean {
  return code === 9 || (code >= 32 && code !== 127);
}
