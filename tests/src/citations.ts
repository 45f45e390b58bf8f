// Finds which requirement ids the names of tests cite: `it('refuses … [CFG-4, CFG-5]')`.
import { globSync, readFileSync } from 'node:fs';

const citation = /\[((?:[A-Z]+-\d+)(?:, ?[A-Z]+-\d+)*)\]/g;
const testName = /\b(?:it|test|describe|describeWith)\b/;

/** Requirement id to the test files that cite it. Only lines that name a test, or a row of a table of tests, count. */
export function citations(root: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const files = globSync('{packages,apps,tools,tests,examples}/**/src/**/*.test.ts', {
    cwd: root,
    exclude: (path) => path.includes('node_modules'),
  });
  for (const file of files) {
    const text = readFileSync(`${root}/${file}`, 'utf8');
    if (!testName.test(text)) continue;
    for (const match of text.matchAll(citation)) {
      for (const id of (match[1] ?? '').split(/, ?/)) found.set(id, [...(found.get(id) ?? []), file]);
    }
  }
  return found;
}
