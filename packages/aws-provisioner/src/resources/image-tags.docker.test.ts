// A deployment's tags on emulators. What removing a tag does to an image that has others is seen on moto: ministack removes the image.
import { randomUUID } from 'node:crypto';
import { CreateRepositoryCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMinistack, startMoto } from '../../fixtures/emulator.ts';
import { intercept } from '../../fixtures/interception.ts';
import { contextOf, credentials } from '../../fixtures/platform.ts';
import type { AwsContext } from '../calls/context.ts';
import type { AwsProvisionerOptions } from '../options.ts';
import { digestOf } from '../image/registry/manifest.ts';
import { keepImage, keepingTag, listImageTags, removeImageTags } from './image-tags.ts';

const repositoryName = 'runlayer/default';
const mediaType = 'application/vnd.oci.image.manifest.v1+json';

/** The emulator gives everything at once: makes pages of forty of it. */
function pageOf(request: string): (answer: string) => string {
  const { nextToken = '0' } = JSON.parse(request) as { nextToken?: string };
  return (answer) => {
    const { imageDetails } = JSON.parse(answer) as { imageDetails: unknown[] };
    const end = Number(nextToken) + 40;
    return JSON.stringify({
      imageDetails: imageDetails.slice(Number(nextToken), end),
      ...(end < imageDetails.length ? { nextToken: String(end) } : {}),
    });
  };
}

describeWith(await emulatorMissing(), 'the tags of a deployment', () => {
  const emulators: Emulator[] = [];
  let ministack: AwsProvisionerOptions;
  let moto: AwsProvisionerOptions;
  beforeAll(async () => {
    emulators.push(await startMinistack(), await startMoto());
    const [one, two] = emulators.map(({ endpoint }) => ({
      region: 'us-east-1',
      endpoint,
      credentials,
      cluster: 'c',
      vpc: 'v',
      subnets: ['s'],
      proxySecurityGroup: 'g',
      pollMs: 20,
      settleTimeoutMs: 10_000,
    }));
    [ministack, moto] = [one!, two!];
    for (const options of [ministack, moto]) {
      await contextOf(options).clients.ecr.send(new CreateRepositoryCommand({ repositoryName }));
    }
  });
  afterAll(() => Promise.all(emulators.map((emulator) => emulator.stop())));

  /** Pushes an image under tags; gives its digest. */
  async function push({ clients }: AwsContext, ...tags: string[]): Promise<string> {
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(randomUUID()), size: 1 };
    const layers = [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digestOf(randomUUID()), size: 1 }];
    const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, config, layers });
    let digest = '';
    for (const imageTag of tags) {
      const put = new PutImageCommand({ repositoryName, imageManifest, imageManifestMediaType: mediaType, imageTag });
      digest = (await clients.ecr.send(put)).image?.imageId?.imageDigest ?? '';
    }
    return digest;
  }

  const namesOf = async (context: AwsContext, deploymentId: string): Promise<string[]> =>
    (await listImageTags(context, deploymentId)).map(({ tag }) => tag).sort();

  it('keep an image for it, with one mutating call the first time and none afterwards', async () => {
    const calls = intercept(() => 'pass');
    const context = contextOf({ ...ministack, requestHandler: calls.requestHandler });
    const id = randomUUID();
    const digest = await push(contextOf(ministack), id);
    expect(await keepImage(context, id, digest)).toBe(true);
    expect(await keepImage(context, id, digest)).toBe(true);
    expect(calls.tries.filter(({ isMutating }) => isMutating).map(({ operation }) => operation)).toEqual(['PutImage']);
    expect(await listImageTags(context, id)).toEqual([
      { tag: id, digest },
      { tag: keepingTag(id, digest), digest },
    ]);
  });

  it('stay on the former image when a client pushes the next one', async () => {
    const context = contextOf(ministack);
    const id = randomUUID();
    const former = await push(context, id);
    await keepImage(context, id, former);
    const fresh = await push(context, id);
    expect(await listImageTags(context, id)).toEqual([
      { tag: keepingTag(id, former), digest: former },
      { tag: id, digest: fresh },
    ]);
  });

  it('are made although the answer was lost, which AWS then calls a repetition', async () => {
    const id = randomUUID();
    const digest = await push(contextOf(moto), id);
    const calls = intercept((seen) => (seen.operation === 'PutImage' && seen.attempt === 1 ? 'lost' : 'pass'));
    expect(await keepImage(contextOf({ ...moto, requestHandler: calls.requestHandler }), id, digest)).toBe(true);
    expect(calls.tries.filter(({ operation }) => operation === 'PutImage')).toHaveLength(2);
    expect(await namesOf(contextOf(moto), id)).toEqual([id, keepingTag(id, digest)]);
  });

  it('leave with the deployment, and an image that another one has tagged stays', async () => {
    const context = contextOf(moto);
    const [one, two] = [randomUUID(), randomUUID()];
    const digest = await push(context, one, two);
    await keepImage(context, one, digest);
    await keepImage(context, two, digest);
    await removeImageTags(context, await namesOf(context, one));
    await removeImageTags(context, [one, keepingTag(one, digest)]);
    expect(await namesOf(context, one)).toEqual([]);
    expect(await namesOf(context, two)).toEqual([two, keepingTag(two, digest)]);
    await removeImageTags(context, await namesOf(context, two));
    expect(await keepImage(context, two, digest)).toBe(false);
  });

  it('are found beyond the first page, and removed a hundred at a time', async () => {
    const id = randomUUID();
    await Promise.all(Array.from({ length: 101 }, (_, at) => push(contextOf(ministack), `${id}.${at}`)));
    const calls = intercept(({ operation, body }) => (operation === 'DescribeImages' ? { rewrite: pageOf(body) } : 'pass'));
    const context = contextOf({ ...ministack, requestHandler: calls.requestHandler });
    const names = await namesOf(context, id);
    expect(names).toHaveLength(101);
    await removeImageTags(context, names);
    expect(calls.tries.filter(({ operation }) => operation === 'BatchDeleteImage')).toHaveLength(2);
    expect(await namesOf(context, id)).toEqual([]);
  });

  it('are none where there is no repository', async () => {
    const context = contextOf({ ...moto, environment: 'other' });
    expect(await listImageTags(context, randomUUID())).toEqual([]);
    await removeImageTags(context, ['any']);
    expect(await keepImage(context, randomUUID(), digestOf('any'))).toBe(false);
  });
});
