// Takes the values of secrets out of text that a container or an engine wrote.
import { secretMask } from './spec-diff.ts';

/** Values shorter than this are too common in ordinary text (`true`, `8000`) to be told from it, and too short to be secret. */
const shortestSecret = 6;

/** Replaces every secret in a text by `***`. */
export type Redaction = (text: string) => string;

/**
 * Makes a function that replaces the values of secrets by `***`: as they are, as they look in JSON and in a URL,
 * and each line of a value that has several. Values under 6 characters are left alone.
 *
 * Apply it before cutting text short, so that half a secret never stays.
 */
export function redactionOf(secrets: Readonly<Record<string, string>>): Redaction {
  const needles = [...new Set(Object.values(secrets).flatMap(spellings))].filter((needle) => needle.length >= shortestSecret);
  // Longest first: a secret that contains another must go as a whole.
  needles.sort((a, b) => b.length - a.length);
  return (text) => needles.reduce((rest, needle) => rest.replaceAll(needle, secretMask), text);
}

function spellings(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  // Through a Buffer, as a lone surrogate would make encodeURIComponent throw.
  return [value, ...lines].flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(Buffer.from(text).toString())]);
}
