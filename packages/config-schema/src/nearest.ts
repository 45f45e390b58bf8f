// "Did you mean": the known word nearest to what was written.

/** The word nearest to `written`, or undefined when none is near enough to be what was meant. Case, `-`, `_` and spaces are no difference. */
export function nearestWord(written: string, words: readonly string[]): string | undefined {
  // A long text is no misspelling, and comparing it would take time for nothing.
  if (written.length > 64) return undefined;
  const plain = normalised(written);
  let best: { word: string; distance: number } | undefined;
  for (const word of words) {
    const distance = editDistance(plain, normalised(word));
    if (best === undefined || distance < best.distance) best = { word, distance };
  }
  if (best === undefined) return undefined;
  const allowed = Math.max(1, Math.floor(Math.min(plain.length, best.word.length) / 3));
  return best.distance <= allowed ? best.word : undefined;
}

function normalised(text: string): string {
  return text.toLowerCase().replace(/[-_\s]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other. */
export function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(at(previous, column) + 1, at(current, column - 1) + 1, at(previous, column - 1) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) cost = Math.min(cost, at(beforePrevious, column - 2) + 1);
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
