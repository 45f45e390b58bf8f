import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { pages } from './pages.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

it.each(Object.entries(await pages(root)))('%s is what the code says; `npm run docs` writes it anew', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});
