// What is found out about an image before anything is made, on images of hand-written manifests in the emulator's registry.
import { createHash, randomUUID } from 'node:crypto';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMinistack } from '../../fixtures/emulator.ts';
import { contextOf, platformOptions } from '../../fixtures/platform.ts';
import type { AwsContext } from '../calls/context.ts';
import { findImage } from './registry-image.ts';

const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
const ociIndex = 'application/vnd.oci.image.index.v1+json';
const repository = 'test/images';

describeWith(await emulatorMissing(), 'the check of an image', () => {
  let emulator: Emulator;
  let ctx: AwsContext;
  beforeAll(async () => {
    emulator = await startMinistack();
    ctx = contextOf(await platformOptions(emulator));
    await ctx.clients.ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
  });
  afterAll(() => emulator.stop());

  const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

  /** Puts a configuration into the registry. */
  async function pushConfig(text: string): Promise<string> {
    const begun = await fetch(`${emulator.endpoint}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
    const place = new URL(begun.headers.get('location') ?? '', emulator.endpoint);
    place.searchParams.set('digest', digestOf(text));
    expect((await fetch(place, { method: 'PUT', body: text, headers: { 'content-type': 'application/octet-stream' } })).status).toBe(201);
    return digestOf(text);
  }

  /** Puts a manifest into the registry; gives the pinned name. */
  async function push(mediaType: string, content: object): Promise<string> {
    const text = JSON.stringify({ schemaVersion: 2, mediaType, ...content });
    const place = `${emulator.endpoint}/v2/${repository}/manifests/${randomUUID()}`;
    expect((await fetch(place, { method: 'PUT', body: text, headers: { 'content-type': mediaType } })).status).toBe(201);
    return `${emulator.registryHost}/${repository}@${digestOf(text)}`;
  }

  const single = async (config: string): Promise<string> =>
    push(ociManifest, {
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: await pushConfig(config), size: config.length },
      layers: [],
    });

  async function index(...architectures: string[]): Promise<string> {
    const manifests = [];
    for (const architecture of architectures) {
      const digest = (await single(JSON.stringify({ architecture, os: 'linux' }))).split('@')[1];
      manifests.push({ mediaType: ociManifest, digest, size: 1, platform: { architecture, os: 'linux' } });
    }
    return push(ociIndex, { manifests });
  }

  it.each([
    ['of x86', () => single('{"architecture":"amd64","os":"linux"}'), 'x86', undefined],
    ['of x86 for arm', () => single('{"architecture":"amd64","os":"linux"}'), 'arm', 'wrong_architecture'],
    ['of arm', () => single('{"architecture":"arm64","os":"linux"}'), 'arm', undefined],
    ['of arm where none is wanted', () => single('{"architecture":"arm64","os":"linux"}'), undefined, undefined],
    ['of another processor where none is wanted', () => single('{"architecture":"s390x","os":"linux"}'), undefined, 'wrong_architecture'],
    ['for both', () => index('amd64', 'arm64'), 'arm', undefined],
    ['for both beside an attestation', () => index('amd64', 'unknown'), 'x86', undefined],
    ['for several, none of them wanted', () => index('amd64', 's390x'), 'arm', 'wrong_architecture'],
    ['whose configuration is no JSON', () => single('nonsense'), 'x86', undefined],
    [
      'whose configuration is larger than any is',
      () => single(JSON.stringify({ architecture: 'arm64', history: 'x'.repeat(1_100_000) })),
      'x86',
      undefined,
    ],
    ['that is not there', async () => `${emulator.registryHost}/${repository}@${digestOf('nothing')}`, 'x86', 'image_missing'],
    ['of a repository that is not there', async () => `${emulator.registryHost}/test/none@${digestOf('nothing')}`, 'x86', 'image_missing'],
    ['that is not pinned', async () => `${emulator.registryHost}/${repository}:latest`, 'x86', 'image_missing'],
  ] as const)('takes or refuses an image %s [PLAT-4]', async (_name, image, platform, code) => {
    expect((await findImage(ctx, { image: await image(), platform })).failure?.code).toBe(code);
  });
});
