import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

it('answers what the README says [CFG-10]', async () => {
  const root = join(import.meta.dirname, '..');
  const snippet = /^```ts\n([\s\S]*?)^```$/m.exec(await readFile(join(root, 'README.md'), 'utf8'))?.[1] ?? '';
  await mkdir(join(root, '.readme'), { recursive: true });
  await writeFile(join(root, '.readme', 'snippet.ts'), snippet);
  const { report, token } = (await import(pathToFileURL(join(root, '.readme', 'snippet.ts')).href)) as { report: string; token: string };
  const comment = (text: string): string => text.replace(/^/gm, '// ');
  expect(snippet).toContain(`${comment(report)}\n`);
  expect(snippet).toContain(`${comment(token)}\n`);
});
