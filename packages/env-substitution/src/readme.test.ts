import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { substitutionErrors } from './error-codes.ts';

const root = join(import.meta.dirname, '..');
const readme = await readFile(join(root, 'README.md'), 'utf8');

it('prints what the README says', async () => {
  const snippet = /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
  const file = join(root, '.readme', 'snippet.ts');
  await mkdir(join(root, '.readme'), { recursive: true });
  await writeFile(file, snippet);
  const { output } = (await import(pathToFileURL(file).href)) as { output: string };
  expect(snippet).toContain(
    output
      .replace(/^/gm, '// ')
      .trimEnd()
      .replace(/\n\/\/ ?$/, ''),
  );
});

it('names every error code', () => {
  for (const code of Object.keys(substitutionErrors)) expect(readme).toContain(code);
});
