import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { measureContext, openContext, packContext } from './build-context.ts';

let root: string;
let headers: tar.Headers[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'runlayer-context-'));
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

/** Sends the context to a folder instead of an engine, and names the files that arrive. */
async function send(
  context = 'app',
  dockerfile = 'Dockerfile',
): Promise<{ files: string[]; out: string; name: string; counted: { bytes: number; files: number } }> {
  const opened = await openContext(join(root, context), dockerfile);
  const out = join(root, 'out');
  headers = [];
  const extraction = tar.extract(out, {
    map: (header: tar.Headers) => (headers.push({ ...header }), header),
    validateSymlinks: false,
  } as tar.ExtractOptions);
  await pipeline(packContext(opened), extraction);
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1));
  return { files: files.sort(), out, name: opened.dockerfileName, counted: await measureContext(opened) };
}

describe('what is sent', () => {
  it('is the whole folder without .dockerignore, with its modes and links, owned by root', async () => {
    await write({ 'app/Dockerfile': 'FROM a', 'app/bin/run': 'x', 'app/empty/deep/file': '' });
    await chmod(join(root, 'app/bin/run'), 0o777);
    await symlink('bin/run', join(root, 'app/link'));
    const { files, out, counted } = await send();
    expect(files).toEqual(['Dockerfile', 'bin/run', 'empty/deep/file', 'link']);
    expect(await readlink(join(out, 'link'))).toBe('bin/run');
    expect(headers.find(({ name }) => name === 'bin/run')).toMatchObject({ mode: 0o777, uid: 0, gid: 0 });
    expect(counted).toEqual({ bytes: 7, files: 4, envFiles: [] });
  });

  it.each<[string, string, string[]]>([
    ['a name', 'secret', ['.dockerignore', 'Dockerfile', 'lib/a.js', 'lib/b.js', 'lib/deep/c.js']],
    ['a folder', 'lib', ['.dockerignore', 'Dockerfile', 'secret']],
    ['a pattern', '**/*.js', ['.dockerignore', 'Dockerfile', 'secret']],
    ['an exception below an ignored folder', 'lib\n!lib/b.js', ['.dockerignore', 'Dockerfile', 'lib/b.js', 'secret']],
    ['a deep exception', 'lib\n!lib/deep/*.js', ['.dockerignore', 'Dockerfile', 'lib/deep/c.js', 'secret']],
    ['an exception to everything', '*\n!lib', ['.dockerfile.runlayer', 'lib/a.js', 'lib/b.js', 'lib/deep/c.js']],
    ['a comment', '# lib\n', ['.dockerignore', 'Dockerfile', 'lib/a.js', 'lib/b.js', 'lib/deep/c.js', 'secret']],
  ])('obeys %s in .dockerignore [CLI-8]', async (_name, rules, expected) => {
    await write({
      'app/Dockerfile': 'FROM a',
      'app/secret': 's',
      'app/lib/a.js': '',
      'app/lib/b.js': '',
      'app/lib/deep/c.js': '',
      'app/.dockerignore': rules,
    });
    const { files, counted } = await send();
    expect(files).toEqual(expected);
    expect(counted.files).toBe(files.filter((file) => file !== '.dockerfile.runlayer').length);
  });

  it('obeys <Dockerfile>.dockerignore rather than .dockerignore', async () => {
    await write({
      'app/a': '',
      'app/b': '',
      'app/.dockerignore': 'a',
      'app/prod.Dockerfile': 'FROM a',
      'app/prod.Dockerfile.dockerignore': 'b\n*ignore',
    });
    expect((await send('app', 'prod.Dockerfile')).files).toEqual(['a', 'prod.Dockerfile']);
  });

  it('carries a Dockerfile from outside the context [CFG-2]', async () => {
    await write({ 'app/a': '', 'docker/Dockerfile': 'FROM outside' });
    const { files, out, name } = await send('app', '../docker/Dockerfile');
    expect(files).toEqual(['.dockerfile.runlayer', 'a']);
    expect(await readFile(join(out, name), 'utf8')).toBe('FROM outside');
  });

  it('carries a Dockerfile that is a link, and takes an absolute path', async () => {
    await write({ 'app/a': '', 'real/Dockerfile': 'FROM real' });
    await symlink('../real/Dockerfile', join(root, 'app/Dockerfile'));
    const { out, name } = await send('app', join(root, 'app/Dockerfile'));
    expect(await readFile(join(out, name), 'utf8')).toBe('FROM real');
  });

  it('keeps the times of the files', async () => {
    await write({ 'app/Dockerfile': 'FROM a' });
    await send();
    const { mtimeMs } = await stat(join(root, 'app/Dockerfile'));
    const sent = headers.find(({ name }) => name === 'Dockerfile')?.mtime?.getTime() ?? 0;
    expect(Math.abs(sent - mtimeMs)).toBeLessThan(1_000);
  });
});

it.each([
  ['no folder', 'nowhere', 'Dockerfile', 'ERR_BUILD_CONTEXT_MISSING', 'nowhere does not exist'],
  ['a file for a folder', 'app/file', 'Dockerfile', 'ERR_BUILD_CONTEXT_MISSING', 'is not a folder'],
  ['no Dockerfile', 'app', 'Dockerfile', 'ERR_BUILD_DOCKERFILE_MISSING', 'app/Dockerfile'],
  ['a folder for a Dockerfile', 'app', 'folder', 'ERR_BUILD_DOCKERFILE_MISSING', 'app/folder'],
  ['an empty Dockerfile', 'app', 'empty', 'ERR_BUILD_DOCKERFILE_INVALID', 'is empty'],
  ['a huge Dockerfile', 'app', 'huge', 'ERR_BUILD_DOCKERFILE_INVALID', 'larger than 4 MiB'],
])('refuses %s and names the path it looked at [CLI-8]', async (_name, context, dockerfile, code, words) => {
  await write({ 'app/file': '', 'app/folder/x': '', 'app/empty': ' \n', 'app/huge': 'x'.repeat(5 * 1024 * 1024) });
  await expect(openContext(resolve(root, context), dockerfile)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words) as string,
  });
});
