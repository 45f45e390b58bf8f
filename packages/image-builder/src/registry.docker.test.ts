import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandMissing, describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createImageBuilder } from './create-image-builder.ts';
import type { PushEvent } from './events.ts';
import type { RegistryAuth } from './image-builder.ts';
import { account, startRegistry } from './testing/local-registry.ts';
import type { LocalRegistry } from './testing/local-registry.ts';
import { openWorkbench } from './testing/workbench.ts';

const missing = (await dockerMissing()) ?? commandMissing('docker-registry');

describeWith(missing, 'an image and its registry', () => {
  const bench = openWorkbench();
  let open: LocalRegistry;
  let closed: LocalRegistry;
  let imageId: string;
  let nobody: string;

  beforeAll(async () => {
    [open, closed] = await Promise.all([startRegistry(false), startRegistry(true)]);
    nobody = await bench.context({});
    const context = await bench.context({ Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
    imageId = (await bench.build(createImageBuilder(), { context })).built.imageId;
  });

  afterAll(async () => {
    await bench.clear();
    await Promise.all([open.stop(), closed.stop()]);
  });

  const builder = (dockerConfig = nobody) => createImageBuilder({ dockerConfig });

  async function pushed(reference: string, auth?: RegistryAuth): Promise<PushEvent[]> {
    const events: PushEvent[] = [];
    for await (const event of builder().push(reference, auth)) events.push(event);
    return events;
  }

  async function tagged(registry: LocalRegistry): Promise<string> {
    const name = bench.name(registry.address);
    await builder().tag(imageId, name);
    return name;
  }

  it('is pushed, and the digest is the one the registry knows; a second push changes nothing', async () => {
    const name = await tagged(open);
    const last = (await pushed(name)).at(-1);
    const [, repository, tag] = /^[^/]+\/(.*):(.*)$/.exec(name) ?? [];
    const answer = await fetch(`http://${open.address}/v2/${repository}/manifests/${tag}`, {
      headers: { accept: 'application/vnd.docker.distribution.manifest.v2+json' },
    });
    const digest = answer.headers.get('docker-content-digest');
    expect(last).toEqual({ type: 'pushed', digest, image: `${name.slice(0, name.lastIndexOf(':'))}@${digest}` });
    expect((await pushed(name)).at(-1)).toEqual(last);
  });

  it('is resolved to its id while it exists only here, and to its digest once it is pushed [CFG-5]', async () => {
    const local = bench.name();
    await builder().tag(imageId, local);
    expect(await builder().resolve(local)).toEqual({ image: imageId, imageId, platform: process.arch === 'arm64' ? 'arm' : 'x86' });
    expect(await builder().resolve(imageId)).toMatchObject({ image: imageId });
    const name = await tagged(open);
    await pushed(name);
    expect(await builder().resolve(name)).toMatchObject({
      image: expect.stringMatching(/^127\.0\.0\.1:\d+\/.*@sha256:/) as string,
      imageId,
    });
  });

  it('is pulled when asked for, by tag and by digest', async () => {
    const name = await tagged(open);
    const last = (await pushed(name)).at(-1);
    await bench.docker.getImage(name).remove({ force: true });
    expect(await builder().resolve(name)).toBeUndefined();
    const found = await builder().resolve(name, { pull: true });
    expect(found).toMatchObject({ image: last?.type === 'pushed' ? last.image : '', imageId });
    expect(await builder().resolve(found?.image ?? '', { pull: true })).toEqual(found);
  });

  it.each(['nothing/there:1', 'nothing/there@sha256:' + '0'.repeat(64)])(
    'is undefined when the registry does not have %s',
    async (name) => {
      expect(await builder().resolve(`${open.address}/${name}`, { pull: true })).toBeUndefined();
    },
  );

  it('is pushed and pulled with credentials, and not without or with wrong ones', async () => {
    const name = await tagged(closed);
    await expect(pushed(name)).rejects.toMatchObject({ code: 'ERR_REGISTRY_DENIED' });
    await expect(pushed(name, { ...account, password: 'canary-4711' })).rejects.toSatisfy(
      (error) => !JSON.stringify([error, String(error)]).includes('canary-4711'),
    );
    expect((await pushed(name, account)).at(-1)).toMatchObject({ type: 'pushed' });
    await bench.docker.getImage(name).remove({ force: true });
    await expect(builder().resolve(name, { pull: true })).rejects.toMatchObject({ code: 'ERR_REGISTRY_DENIED' });
    expect(await builder().resolve(name, { pull: true, auth: account })).toMatchObject({ imageId });
  });

  it('serves as a base image with the credentials of docker login, which no other registry sees', async () => {
    const base = await tagged(closed);
    await pushed(base, account);
    await bench.docker.getImage(base).remove({ force: true });
    const eavesdropper = await startEavesdropper();
    const files = { Dockerfile: `FROM ${base} AS a\nCOPY Dockerfile /b\n` };
    const stranger = { Dockerfile: `FROM ${base} AS a\nFROM ${eavesdropper.address}/x:1 AS b\nCOPY --from=a / /\n` };
    await expect(bench.build(builder(), { context: await bench.context(files) })).rejects.toMatchObject({
      code: 'ERR_BUILD_BASE_IMAGE',
      data: { reason: 'denied' },
    });
    const settings = await bench.context({});
    const auth = Buffer.from(`${account.username}:${account.password}`).toString('base64');
    await writeFile(join(settings, 'config.json'), JSON.stringify({ auths: { [closed.address]: { auth } } }));
    await expect(bench.build(builder(settings), { context: await bench.context(stranger), target: 'b' })).rejects.toMatchObject({
      code: 'ERR_BUILD_BASE_IMAGE',
    });
    expect(eavesdropper.requests()).toBeGreaterThan(0);
    expect(eavesdropper.credentials()).toEqual([]);
    expect((await bench.build(builder(settings), { context: await bench.context(files) })).built).toMatchObject({ type: 'built' });
    eavesdropper.stop();
  });

  it.each([
    ['push', 'ERR_IMAGE_NOT_FOUND', () => pushed(`${open.address}/never/built:1`)],
    [
      'push',
      'ERR_REGISTRY_UNREACHABLE',
      async () => {
        const name = bench.name('127.0.0.1:1');
        await builder().tag(imageId, name);
        await pushed(name);
      },
    ],
    ['push', 'ERR_IMAGE_REFERENCE_INVALID', () => pushed('Not A Name')],
    ['tag', 'ERR_IMAGE_REFERENCE_INVALID', () => builder().tag(imageId, 'UPPER')],
    ['tag', 'ERR_IMAGE_NOT_FOUND', () => builder().tag('runlayer-test/never-built:1', bench.name())],
    ['resolve', 'ERR_IMAGE_REFERENCE_INVALID', () => builder().resolve('$(id)')],
    ['resolve', 'ERR_REGISTRY_UNREACHABLE', () => builder().resolve('127.0.0.1:1/a/b:1', { pull: true })],
  ])('%s fails with %s', async (_verb, code, attempt) => {
    await expect(attempt()).rejects.toMatchObject({ code });
  });
});

/** A registry that asks everyone for a password and notes who gives one. */
async function startEavesdropper(): Promise<{ address: string; requests(): number; credentials(): string[]; stop(): void }> {
  const heard: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers.authorization);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => heard.length,
    credentials: () => heard.filter((value) => value !== undefined),
    stop: () => server.close(),
  };
}
