import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { findingCodes } from './finding.ts';

const root = join(import.meta.dirname, '..');
const readme = await readFile(join(root, 'README.md'), 'utf8');

it('prints what the README says', async () => {
  const snippet = /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
  await mkdir(join(root, '.readme'), { recursive: true });
  await writeFile(join(root, '.readme', 'snippet.ts'), snippet);
  const { lines } = (await import(pathToFileURL(join(root, '.readme', 'snippet.ts')).href)) as { lines: string[] };
  const comments = [...snippet.matchAll(/^ *\/\/ (.*)$/gm)].map((match) => match[1]);
  expect(lines).toEqual(comments);
});

it('lists every finding in the README', () => {
  const listed = [...readme.matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm)].map((match) => [match[1], match[2]]);
  expect(listed).toEqual(Object.entries(findingCodes));
});
