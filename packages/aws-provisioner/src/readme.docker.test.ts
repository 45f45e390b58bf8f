// Runs the first snippet of the README as it stands there, on the emulator.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { emulatorMissing } from '../fixtures/emulator.ts';
import { openStage, type Stage } from '../fixtures/stage.ts';

describeWith(await emulatorMissing(), 'the README', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    const { options, emulator, image } = stage;
    const variables = {
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      VPC: options.vpc,
      SUBNET: options.subnets[0],
      PROXY_GROUP: options.proxySecurityGroup,
      IMAGE: image,
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await stage.close();
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
