// Shows text of an untrusted file in a message: short, and without characters that a terminal would obey.

/** At most `length` characters of a text, control characters replaced; a cut is marked with `…`. */
export function shown(text: string, length: number): string {
  const kept = text.length > length ? `${text.slice(0, length - 1)}…` : text;
  return kept.replace(/[^\n\P{C}]|[\u2028\u2029]/gu, '\uFFFD');
}
