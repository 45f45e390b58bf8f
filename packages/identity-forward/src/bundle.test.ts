import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'tsup';
import { describe, expect, it } from 'vitest';

const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');

/** The code of an entry with all it imports, as a bundler would send it to a browser. */
async function bundle(entry: string): Promise<string> {
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
    return await readFile(join(folder, 'bundle.js'), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe.each(['verify', 'headers'])('the bundle of /%s', async (entry) => {
  const text = await bundle(entry);

  it('holds no Node built-in and no signer [ID-5]', () => {
    expect(text.match(/createRequire|crypto_sign|node:|require\(|subtle\.sign|generateKey|process\.|\bBuffer\b|^import\b/m)).toBeNull();
  });
});

it('the bundle of /verify weighs what the README says, give or take a twentieth [ID-5]', async () => {
  const stated = Number(/`\/verify` bundles to about (\d+(?:\.\d+)?) kB zipped/.exec(readme)?.[1]) * 1000;
  const size = gzipSync(await bundle('verify')).length;
  expect(Math.abs(size - stated), `README.md states ${stated} bytes, and it is ${size}`).toBeLessThan(stated * 0.05);
});
