import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'tsup';
import { expect, it } from 'vitest';

it.each([
  ['verify', 20_000],
  ['headers', 4000],
])('the bundle of /%s holds no Node built-in and no signer, and weighs less than %i bytes zipped [ID-5]', async (entry, most) => {
  const folder = await mkdtemp(join(tmpdir(), 'identity-bundle-'));
  try {
    // Built for a browser: an import of node: would fail, or stand in the text.
    await build({
      config: false,
      entry: { bundle: join(import.meta.dirname, entry, 'index.ts') },
      outDir: folder,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      noExternal: [/.*/],
      minify: true,
      silent: true,
    });
    const text = await readFile(join(folder, 'bundle.js'), 'utf8');
    expect(text).not.toMatch(/createRequire|crypto_sign|node:|require\(|subtle\.sign|generateKey|process\.|Buffer\b/);
    expect(text).not.toMatch(/^import\b/m);
    expect(gzipSync(text).length).toBeLessThan(most);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
