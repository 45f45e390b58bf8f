// The README's snippet is a program that runs.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { proxyErrors } from './error-codes.ts';

const folder = join(import.meta.dirname, '..');

it('runs the snippet of the README and gets what its comments say', async () => {
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  const snippet = /```ts\n([^]*?)```/.exec(readme)?.[1] ?? '';
  await mkdir(join(folder, '.readme'), { recursive: true });
  const file = join(folder, '.readme', 'snippet.ts');
  await writeFile(file, snippet);
  const ran = (await import(pathToFileURL(file).href)) as { answer: string; refused: number };
  expect(snippet).toContain(`// ${ran.answer}`);
  expect(snippet).toContain(`// ${ran.refused}`);
});

it('names every error with its status', async () => {
  const rows = (await readFile(join(folder, 'README.md'), 'utf8')).split('\n').filter((line) => line.startsWith('|'));
  for (const [code, { status }] of Object.entries(proxyErrors)) {
    expect(rows.find((row) => row.includes(`\`${code}\``))).toContain(String(status));
  }
});
