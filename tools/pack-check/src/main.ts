// Packs every published package and lets publint and attw read the tarballs: what is checked is what a consumer gets.
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: unknown;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const bin = fileURLToPath(new URL('../node_modules/.bin', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pack-check-'));
const failures: string[] = [];

for (const file of globSync('{packages,apps}/*/package.json', { cwd: root }).toSorted()) {
  const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
  if (manifest.private !== true) check(manifest, dirname(join(root, file)));
}
rmSync(folder, { recursive: true });
if (failures.length > 0) {
  console.error(failures.join('\n'));
  process.exit(1);
}

function check(manifest: Manifest, directory: string): void {
  const tarball = join(folder, `${manifest.name.replaceAll('/', '-')}.tgz`);
  try {
    execFileSync(join(root, 'node_modules/.bin/pnpm'), ['pack', '--out', tarball], { cwd: directory, stdio: 'pipe' });
    execFileSync(join(bin, 'publint'), ['--strict', tarball], { stdio: 'pipe' });
    // A command has no entry for imports, so there are no types to look at.
    if (manifest.exports !== undefined) execFileSync(join(bin, 'attw'), ['--profile', 'esm-only', tarball], { stdio: 'pipe' });
    console.log(`${manifest.name}: packed and checked`);
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    failures.push(`${manifest.name}:\n${stdout?.toString() ?? ''}${stderr?.toString() ?? String(error)}`);
  }
}
