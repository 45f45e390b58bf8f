// Writes numbers in the text format that Prometheus reads.

/** One line of a metric: what follows its name (`_sum`), its labels as they stand between braces, its value. */
export type MetricLine = readonly [ending: string, labels: string, value: number];

/**
 * One metric as text: its head, then its lines.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metricText(
  name: string,
  type: 'counter' | 'gauge' | 'histogram' | 'summary',
  help: string,
  lines: Iterable<MetricLine>,
): string {
  let text = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  for (const [ending, labels, value] of lines) text += `${name}${ending}${labels === '' ? '' : `{${labels}}`} ${value}\n`;
  return text;
}

/** `a="x",b="y"`, with what would end a value early escaped. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`)
    .join(',');
}
