// The verifier as the user of a bundler ships it: one minified file, with the vectors to run through it.
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository } from '@runlayer/local-platform';
import { build } from 'tsup';

const fixtures = inRepository('tests/fixtures/verifiers');

interface TokenVectors {
  readonly jwks: unknown;
  readonly good: readonly unknown[];
  readonly bad: readonly unknown[];
}

/** What `vectors/tokens.json` and `vectors/keys.json` of the package hold, as far as it matters here. */
export interface Vectors {
  readonly tokens: TokenVectors;
  readonly keys: { readonly sets: readonly TokenVectors[] };
}

export function readVectors(): Vectors {
  const read = (name: string): unknown => JSON.parse(readFileSync(inRepository(`packages/identity-forward/vectors/${name}.json`), 'utf8'));
  return { tokens: read('tokens'), keys: read('keys') } as Vectors;
}

/** Bundles the programs into a new folder: `program.mjs`, `page.js` and, beside its configuration, `worker.js`. `origin` is where keys can be fetched. */
export async function bundlePrograms(vectors: Vectors, origin: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'runlayer-verifiers-'));
  await build({
    config: false,
    entry: Object.fromEntries(['program', 'page', 'worker'].map((name) => [name, join(fixtures, `${name}.mjs`)])),
    outDir: folder,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    define: { VECTORS: JSON.stringify(vectors), ORIGIN: JSON.stringify(origin) },
    noExternal: [/.*/],
    outExtension: () => ({ js: '.js' }),
    splitting: false,
    minify: true,
    silent: true,
  });
  await copyFile(join(folder, 'program.js'), join(folder, 'program.mjs'));
  await copyFile(join(fixtures, 'workerd.capnp'), join(folder, 'workerd.capnp'));
  return folder;
}
