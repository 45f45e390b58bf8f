import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inRepository, run } from '@runlayer/local-platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly engines: { readonly node: string };
  /** What a consumer may import; the rest of `exports` is for this repository. */
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, unknown>> };
  readonly bin?: Readonly<Record<string, string>>;
}

const manifests = globSync(['packages/*/package.json', 'apps/*/package.json'], { cwd: inRepository('.') })
  .map((file) => ({ directory: dirname(inRepository(file)), ...(JSON.parse(readFileSync(inRepository(file), 'utf8')) as Manifest) }))
  .filter((manifest) => manifest.private !== true);

/** Modules that a consumer can import, with the oldest Node that their package promises. */
const entries = manifests.flatMap(({ name, engines, publishConfig }) =>
  Object.keys(publishConfig?.exports ?? {})
    .filter((path) => !path.endsWith('.json') && !path.endsWith('testing'))
    .map((path) => ({ specifier: name + path.slice(1), range: engines.node })),
);

/** The oldest Node on the PATH outside of this repository that is at least version 20, else the running one. */
function oldestNode(): { path: string; major: number } {
  const own = { path: process.execPath, major: Number(process.versions.node.split('.')[0]) };
  const others = (process.env['PATH'] ?? '')
    .split(':')
    .filter((folder) => !folder.includes('node_modules'))
    .flatMap((folder) => {
      try {
        const version = execFileSync(join(folder, 'node'), ['-p', 'process.versions.node'], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        return [{ path: join(folder, 'node'), major: Number(version.split('.')[0]) }];
      } catch {
        return [];
      }
    });
  return [own, ...others].filter(({ major }) => major >= 20).toSorted((a, b) => a.major - b.major)[0] ?? own;
}

describe('the packed packages in an empty project', () => {
  const oldest = oldestNode();
  let project: string;

  beforeAll(async () => {
    const built = await run(inRepository('node_modules/.bin/pnpm'), ['turbo', 'run', 'build'], { cwd: inRepository('.') });
    expect(built.code, built.stdout + built.stderr).toBe(0);
    project = mkdtempSync(join(tmpdir(), 'runlayer-consumer-'));
    const tarballs = manifests.map(({ name, directory }) => {
      const tarball = join(project, `${name.replaceAll(/[@/]/g, '-')}.tgz`);
      execFileSync(inRepository('node_modules/.bin/pnpm'), ['pack', '--out', tarball], { cwd: directory, stdio: 'pipe' });
      return [name, `file:${tarball}`] as const;
    });
    const dependencies = Object.fromEntries(tarballs);
    // The packages name one another by version; in this project each version is its tarball.
    writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies, overrides: dependencies }));
    const installed = await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: project });
    expect(installed.code, installed.stderr).toBe(0);
  });

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it.each(entries)('$specifier is imported by the oldest Node it promises ($range)', async ({ specifier, range }) => {
    const node = range.startsWith('>=20') ? oldest.path : process.execPath;
    const imported = await run(
      node,
      ['--input-type=module', '-e', `const m = await import('${specifier}'); console.log(Object.keys(m).length)`],
      { cwd: project },
    );
    expect(imported, imported.stderr).toMatchObject({ code: 0 });
    expect(Number(imported.stdout)).toBeGreaterThanOrEqual(specifier === '@runlayer/provisioner' ? 0 : 1);
  });

  it.each(entries.filter(({ range }) => range.startsWith('>=20')))('$specifier can be required', async ({ specifier }) => {
    const required = await run(oldest.path, ['--input-type=commonjs', '-e', `require('${specifier}')`], { cwd: project });
    expect(required, required.stderr).toMatchObject({ code: 0 });
  });

  it.each(manifests.flatMap(({ bin = {} }) => Object.keys(bin)))('%s runs', async (program) => {
    const helped = await run(process.execPath, [join(project, 'node_modules/.bin', program), '--help'], { cwd: project });
    expect(helped, helped.stderr).toMatchObject({ code: 0 });
  });
});
