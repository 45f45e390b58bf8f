// Images that come from a registry: pulled by digest, refused, missing.
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import Docker from 'dockerode';
import { commandMissing, describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyAll, containerNames, destroy, failureOf } from '../fixtures/drive.ts';
import { testSpec } from '../fixtures/specs.ts';
import { createDockerProvisioner } from './docker-provisioner.ts';

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const engine = (await dockerMissing()) ?? commandMissing('cc') ?? commandMissing('tar');

describeWith(engine, 'an image of a registry', () => {
  const docker = new Docker();
  const installation = `test-${randomUUID().slice(0, 8)}`;
  const provisioner = createDockerProvisioner({
    docker,
    installation,
    credentials: async () => ({ username: 'me', password: 'right', serveraddress: host }),
  });
  const content = new Map<string, { type: string; bytes: Buffer }>();
  let server: Server;
  let host = '';
  let own = 'amd64';
  const digests: Record<string, string> = {};

  beforeAll(async () => {
    own = ((await docker.info()) as { Architecture: string }).Architecture === 'x86_64' ? 'amd64' : 'arm64';
    const layer = layerWithServer();
    for (const architecture of ['amd64', 'arm64']) digests[architecture] = addImage(layer, architecture);
    server = createServer((request, response) => {
      const found = content.get(request.url?.split('/').at(-1) ?? '');
      if (request.headers.authorization !== `Basic ${Buffer.from('me:right').toString('base64')}`)
        response
          .writeHead(401, { 'www-authenticate': 'Basic realm="test"' })
          .end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
      else if (request.url === '/v2/') response.writeHead(200).end();
      else if (found === undefined) response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
      else
        response
          .writeHead(200, {
            'content-type': found.type,
            'content-length': found.bytes.length,
            'docker-content-digest': sha256(found.bytes),
          })
          .end(request.method === 'HEAD' ? undefined : found.bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    for (const digest of Object.values(digests))
      await docker
        .getImage(`${host}/demo/app@${digest}`)
        .remove({ force: true })
        .catch(() => {});
  });

  function layerWithServer(): Buffer {
    const folder = mkdtempSync(join(tmpdir(), 'runlayer-layer-'));
    try {
      execFileSync('cc', ['-static', '-O2', '-o', join(folder, 'server'), fileURLToPath(new URL('../fixtures/server.c', import.meta.url))]);
      execFileSync('tar', ['-C', folder, '-cf', join(folder, 'layer.tar'), 'server']);
      return readFileSync(join(folder, 'layer.tar'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  function add(type: string, bytes: Buffer): { mediaType: string; digest: string; size: number } {
    content.set(sha256(bytes), { type, bytes });
    return { mediaType: type, digest: sha256(bytes), size: bytes.length };
  }

  function addImage(layer: Buffer, architecture: string): string {
    const config = {
      architecture,
      os: 'linux',
      config: { Cmd: ['/server'] },
      rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
      history: [{ created_by: 'test' }],
    };
    const manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      config: add('application/vnd.docker.container.image.v1+json', Buffer.from(JSON.stringify(config))),
      layers: [add('application/vnd.docker.image.rootfs.diff.tar.gzip', gzipSync(layer))],
    };
    return add(manifest.mediaType, Buffer.from(JSON.stringify(manifest))).digest;
  }

  it('is pulled by its digest, with credentials, when it is absent, and serves', async () => {
    const spec = testSpec(`${host}/demo/app@${digests[own]}`);
    try {
      const plan = await provisioner.plan(spec);
      expect(plan).toMatchObject({ action: 'create' });
      expect(plan.blocker).toBeUndefined();
      const events = await applyAll(provisioner, spec);
      expect(events[0]).toMatchObject({ type: 'step', step: 'pull' });
      expect(events.at(-1)?.type).toBe('serving');
      expect((await provisioner.plan(spec)).action).toBe('none');
    } finally {
      await destroy(provisioner, spec.deploymentId);
    }
  });

  it('that needs credentials is refused without them [PLAT-4]', async () => {
    const bare = createDockerProvisioner({ docker, installation });
    expect(await failureOf(bare, testSpec(`${host}/demo/other@${digests[own]}`))).toMatchObject({
      code: 'registry_auth',
      message: expect.stringContaining(host),
    });
  });

  it('that the registry does not have is named as missing [PLAT-4]', async () => {
    expect(await failureOf(provisioner, testSpec(`${host}/demo/app@sha256:${'0'.repeat(64)}`))).toMatchObject({
      code: 'image_missing',
      message: expect.stringContaining('manifest'),
    });
  });

  it('at a registry that does not answer is named as missing, with what the engine says [PLAT-4]', async () => {
    const failure = await failureOf(provisioner, testSpec(`127.0.0.1:1/demo/app@${digests[own]}`));
    expect(failure).toMatchObject({
      code: 'image_missing',
      message: expect.stringContaining('connection refused'),
      fix: expect.stringContaining('127.0.0.1:1'),
    });
  });

  it('that exists only on an engine that does not have it is missing, in the plan too [PLAT-4]', async () => {
    const spec = testSpec('runlayer-local:gone');
    expect((await provisioner.plan(spec)).blocker?.code).toBe('image_missing');
    expect((await failureOf(provisioner, spec)).code).toBe('image_missing');
  });

  it('of another architecture is refused after the pull, before anything is created [CFG-5]', async () => {
    const foreign = own === 'amd64' ? 'arm64' : 'amd64';
    const spec = testSpec(`${host}/demo/app@${digests[foreign]}`, { platform: own === 'amd64' ? 'x86' : 'arm' });
    expect(await failureOf(provisioner, spec)).toMatchObject({ code: 'wrong_architecture', evidence: { architecture: foreign } });
    expect(await containerNames(docker, spec.deploymentId)).toEqual([]);
  });
});
