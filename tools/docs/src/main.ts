// Writes the pages that come from the code.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pages } from './pages.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
for (const [path, text] of Object.entries(await pages(root))) {
  writeFileSync(join(root, path), text);
  console.log(`wrote ${path}`);
}
