// Runs the first snippet of the README as it stands there.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';

it('the snippet of the README prints what it says [CFG-6]', async () => {
  const root = new URL('..', import.meta.url);
  const code = /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL('README.md', root), 'utf8'))?.[1] ?? '';
  const file = new URL('.readme/snippet.ts', root);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, code);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import(file.href);
  const printed = log.mock.calls.map((args) => args.join(' '));
  log.mockRestore();
  const promised = [...code.matchAll(/^\/\/ ([^`\n]+)$/gm)].map(([, text]) => text);
  expect(promised.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
