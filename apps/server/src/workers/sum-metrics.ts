// One set of metrics from those of several processes: every number is a count, so they add up.

/** Adds the samples of Prometheus texts that have the same name and labels; comments stay where they first stood. */
export function sumMetrics(texts: readonly string[]): string {
  const lines = new Map<string, number | undefined>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    if (line === '') continue;
    if (line.startsWith('#')) {
      if (!lines.has(line)) lines.set(line, undefined);
      continue;
    }
    const space = line.lastIndexOf(' ');
    const name = line.slice(0, space);
    lines.set(name, (lines.get(name) ?? 0) + Number(line.slice(space + 1)));
  }
  return [...lines].map(([name, value]) => (value === undefined ? name : `${name} ${value}`)).join('\n') + '\n';
}
