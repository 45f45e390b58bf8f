import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyAll, destroy } from '../fixtures/drive.ts';
import { testSpec } from '../fixtures/specs.ts';
import { createDockerProvisioner } from './docker-provisioner.ts';

describe('without an engine', () => {
  const provisioner = createDockerProvisioner({ docker: new Docker({ socketPath: '/nowhere/docker.sock' }) });
  const spec = testSpec('any');
  const unreachable = expect.objectContaining({
    code: 'ERR_DOCKER_UNREACHABLE',
    message: expect.stringContaining('/nowhere/docker.sock'),
    hint: expect.stringContaining('DOCKER_HOST'),
  });

  it.each<[string, () => Promise<unknown>]>([
    ['plan', () => provisioner.plan(spec)],
    ['apply', () => applyAll(provisioner, spec)],
    ['destroy', () => destroy(provisioner, spec.deploymentId)],
    [
      'logs',
      async () => {
        for await (const _line of provisioner.logs(spec.deploymentId));
      },
    ],
  ])('%s says which address it tried and how to start one [PLAT-4]', async (_name, run) => {
    await expect(run()).rejects.toEqual(unreachable);
  });

  it('status says that it does not know [PLAT-4]', async () => {
    expect(await provisioner.status(spec.deploymentId)).toMatchObject({
      state: 'unknown',
      endpoints: [],
      failure: { code: 'engine_error' },
    });
  });
});

describe('with an engine that refuses everything', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlayer-engine-'));
  const socketPath = join(folder, 'docker.sock');
  let server: Server;
  beforeAll(async () => {
    server = createServer((_request, response) =>
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"the disk is on fire"}'),
    );
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('passes on what the engine said', async () => {
    const provisioner = createDockerProvisioner({ docker: new Docker({ socketPath }) });
    await expect(provisioner.plan(testSpec('any'))).rejects.toMatchObject({
      code: 'ERR_DOCKER_ENGINE',
      message: expect.stringContaining('the disk is on fire'),
    });
  });
});
