// Runs the first snippet of the README as it stands there, with an image of the tests.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import Docker from 'dockerode';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buildTestImages, type TestImages } from '../fixtures/images.ts';

describeWith(await dockerMissing(), 'the README', () => {
  let images: TestImages;
  beforeAll(async () => {
    images = await buildTestImages(new Docker());
    vi.stubEnv('IMAGE', images.server);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await images.remove();
  });

  it('has a snippet that prints what it says', async () => {
    const root = new URL('..', import.meta.url);
    const code = /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL('README.md', root), 'utf8'))?.[1] ?? '';
    const file = new URL('.readme/snippet.ts', root);
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, code);
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await import(file.href);
    const printed = log.mock.calls.map((args) => args.join(' '));
    log.mockRestore();
    const promised = [...code.matchAll(/^\s*\/\/ (.+)$/gm)].map(([, text]) => text);
    expect(promised.length).toBeGreaterThan(0);
    expect(printed).toEqual(promised);
  });
});
