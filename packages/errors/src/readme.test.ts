import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

it('prints what the README says', async () => {
  const root = join(import.meta.dirname, '..');
  const snippet = /^```ts\n([\s\S]*?)^```$/m.exec(await readFile(join(root, 'README.md'), 'utf8'))?.[1] ?? '';
  await mkdir(join(root, '.readme'), { recursive: true });
  await writeFile(join(root, '.readme', 'snippet.ts'), snippet);
  const { lines } = (await import(pathToFileURL(join(root, '.readme', 'snippet.ts')).href)) as { lines: string[] };
  expect(snippet).toContain(lines.map((line) => `// ${line}\n`).join(''));
});
