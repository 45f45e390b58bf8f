// Text of servers, containers and engines reaches a terminal: what could steer the terminal is taken out.
import { stripVTControlCharacters } from 'node:util';

/** The text without escape sequences and control characters; tabs and line ends stay. */
export function cleanText(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
