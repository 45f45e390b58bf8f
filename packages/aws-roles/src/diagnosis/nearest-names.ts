// The names that somebody may have meant.

/** At most three of the names, those that differ in a third of the letters or less, the nearest first. */
export function nearestNames(wanted: string, names: Iterable<string>): string[] {
  const limit = Math.min(5, Math.max(1, Math.floor(wanted.length / 3)));
  return [...names]
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Letters to insert, remove or replace to make one text of the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 1; at <= from.length; at += 1) {
    const next = [at];
    for (let of = 1; of <= to.length; of += 1) {
      const replaced = (row[of - 1] ?? 0) + Number(from[at - 1] !== to[of - 1]);
      next.push(Math.min(replaced, (row[of] ?? 0) + 1, (next[of - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
