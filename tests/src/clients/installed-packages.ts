// Packs npm packages of this repository's installation, as they were published, for the context of an image.
import { realpathSync } from 'node:fs';
import { mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { inRepository, run } from '@runlayer/local-platform';

/** Where pnpm keeps each package, next to links to what it depends on. */
const store = realpathSync(inRepository('node_modules/.pnpm'));

/** Writes `packages.tar` into a folder: a `node_modules` with these dependencies of the tests and all that they depend on. */
export async function packInstalledPackages(names: readonly string[], folder: string): Promise<void> {
  const found = new Set<string>();
  const links: string[] = [];
  for (const name of names) {
    const place = await visit(inRepository(`tests/node_modules/${name}`), found);
    const link = join('node_modules', name);
    await mkdir(join(folder, dirname(link)), { recursive: true });
    await symlink(relative(dirname(link), join('node_modules/.pnpm', place)), join(folder, link));
    links.push(link);
  }
  const entries = [...found].map((entry) => join('node_modules/.pnpm', entry));
  // Programs read neither types nor source maps.
  const left = ['--exclude=*.ts', '--exclude=*.mts', '--exclude=*.cts', '--exclude=*.map'];
  const args = ['-cf', join(folder, 'packages.tar'), ...left, '-C', dirname(dirname(store)), ...entries, '-C', folder, ...links];
  const { code, stderr } = await run('tar', args);
  if (code !== 0) throw new Error(`The packages could not be packed: ${stderr}`);
}

/** Notes the entry of the store that a package lies in, and those of its dependencies. Gives its path in the store. */
async function visit(link: string, found: Set<string>): Promise<string> {
  const place = relative(store, await realpath(link));
  const entry = place.slice(0, place.indexOf(sep));
  if (found.has(entry)) return place;
  found.add(entry);
  const folder = join(store, entry, 'node_modules');
  for (const name of await namesIn(folder)) await visit(join(folder, name), found);
  return place;
}

/** The packages of a `node_modules` folder, scoped ones too. */
async function namesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const lists = names.map(async (name) =>
    name.startsWith('@') ? (await readdir(join(folder, name))).map((inner) => join(name, inner)) : [name],
  );
  return (await Promise.all(lists)).flat();
}
