import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsup';
import { expect, it } from 'vitest';

it.each(['express', 'hono', 'fastify', 'mcp'])('/%s brings nothing along: no framework, no Node built-in, no jose', async (entry) => {
  const folder = await mkdtemp(join(tmpdir(), 'identity-adapter-'));
  try {
    await build({
      config: false,
      entry: { bundle: join(import.meta.dirname, '..', entry, 'index.ts') },
      outDir: folder,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      silent: true,
    });
    const text = await readFile(join(folder, 'bundle.js'), 'utf8');
    expect(text).toMatch(/^export\b/m);
    expect(text).not.toMatch(/^import\b|\bimport\(|require\(|process\.|Buffer\b/m);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
