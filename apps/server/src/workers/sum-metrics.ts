// One set of metrics from those of several processes: every number is a count, so they add up.

/** Samples below the comments that introduce them. */
type Family = Map<string, number>;

/** Adds the samples of Prometheus texts that have the same name and labels. Samples stay below the comments of their metric. */
export function sumMetrics(texts: readonly string[]): string {
  const families = new Map<string, Family>();
  for (const text of texts) addText(families, text);
  return [...families].map(([heading, samples]) => heading + samplesText(samples)).join('');
}

function addText(families: Map<string, Family>, text: string): void {
  let heading = '';
  let samples: Family | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) {
      heading = samples === undefined ? `${heading}${line}\n` : `${line}\n`;
      samples = undefined;
    } else if (line !== '') {
      if (samples === undefined) families.set(heading, (samples = families.get(heading) ?? new Map<string, number>()));
      const space = line.lastIndexOf(' ');
      const name = line.slice(0, space);
      samples.set(name, (samples.get(name) ?? 0) + Number(line.slice(space + 1)));
    }
  }
}

function samplesText(samples: Family): string {
  return [...samples].map(([name, value]) => `${name} ${value}\n`).join('');
}
