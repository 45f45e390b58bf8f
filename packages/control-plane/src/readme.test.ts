import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, vi } from 'vitest';

const home = join(import.meta.dirname, '..');

it('runs the snippet of the README', { timeout: 120_000 }, async () => {
  const snippet = /```ts\n([^]*?)```/.exec(readFileSync(join(home, 'README.md'), 'utf8'))?.[1] ?? '';
  const data = mkdtempSync(join(tmpdir(), 'runlayer-readme-'));
  vi.stubEnv('DATA_DIR', data);
  mkdirSync(join(home, '.readme'), { recursive: true });
  const file = join(home, '.readme', 'snippet.ts');
  writeFileSync(file, snippet);
  const { text } = (await import(pathToFileURL(file).href)) as { text: string };
  expect(text).toMatch(
    /^Release 1 of notes, started by admin@localhost\.\nImage acme\/notes:1 is sha256:acme\/notes:1 \(x86\)\.\n[^]*\nServing at https:\/\/mcp\.example\.com\/api\/v1\/proxy\/hosted\/\S+$/,
  );
  vi.unstubAllEnvs();
  rmSync(data, { recursive: true, force: true });
});
