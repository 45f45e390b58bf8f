import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, it } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');

describeWith(await dockerMissing(), 'the README', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'runlayer-readme-'));
    await mkdir(join(folder, 'my-server'));
    await writeFile(join(folder, 'my-server/Dockerfile'), `FROM scratch\nARG GREETING\nLABEL made=${Date.now()}\nCOPY Dockerfile /app/\n`);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
    await new Docker().getImage('runlayer-readme:1').remove({ force: true });
  });

  it('shows what its snippet prints', async () => {
    const snippet = /```ts\n([^]*?)```/.exec(await readFile(join(packageFolder, 'README.md'), 'utf8'))?.[1] ?? '';
    await mkdir(join(packageFolder, '.readme'), { recursive: true });
    await writeFile(join(packageFolder, '.readme/snippet.ts'), snippet);
    const { stdout } = await promisify(execFile)(process.execPath, [join(packageFolder, '.readme/snippet.ts')], {
      cwd: folder,
      timeout: 60_000,
    });
    const promised = [...snippet.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => `${line}\n`).join('');
    expect(stdout.replace(/sha256:[0-9a-f]{64}/g, 'sha256:…')).toBe(promised);
  });
});
