import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeAtomically } from './write-atomically.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runlayer-write-'));
});

afterEach(() => rm(folder, { recursive: true }));

it('replaces a file and keeps its permissions', async () => {
  const file = join(folder, 'a.yaml');
  await writeFile(file, 'old');
  await chmod(file, 0o640);
  await writeAtomically(file, 'new');
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  expect(await readdir(folder)).toEqual(['a.yaml']);
});

it('writes through a symbolic link and leaves it one', async () => {
  await writeFile(join(folder, 'real.yaml'), 'old');
  await symlink('real.yaml', join(folder, 'link.yaml'));
  await writeAtomically(join(folder, 'link.yaml'), 'new');
  expect(await readFile(join(folder, 'real.yaml'), 'utf8')).toBe('new');
  expect((await lstat(join(folder, 'link.yaml'))).isSymbolicLink()).toBe(true);
});

it('leaves nothing behind when it fails [CLI-5]', async () => {
  await mkdir(join(folder, 'taken'));
  await expect(writeAtomically(join(folder, 'taken'), 'new')).rejects.toMatchObject({ code: 'ERR_CLI_FILE_NOT_WRITTEN' });
  expect(await readdir(folder)).toEqual(['taken']);
});
