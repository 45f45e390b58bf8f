// A real container reaches the identity keys of a platform that is on loopback, and nothing else of it.
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandMissing, describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { readSettings } from '../settings/read-settings.ts';
import { dockerTarget } from './docker-target.ts';

const missing = (await dockerMissing()) ?? commandMissing('busybox') ?? commandMissing('docker');
const image = `runlayer-test-keys:${process.pid}`;

describeWith(missing, 'the keys of identity tokens from inside a container', () => {
  let server: TestServer;
  beforeAll(async () => {
    const context = mkdtempSync(join(tmpdir(), 'workload-keys-'));
    copyFileSync(execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim(), join(context, 'busybox'));
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY busybox /busybox\nENTRYPOINT ["/busybox"]\n');
    execFileSync('docker', ['build', '--quiet', '--tag', image, context]);
    const { bridgeAddress } = dockerTarget(readSettings({}));
    server = await startTestServer({}, { bridgeAddress });
  }, 120_000);
  afterAll(async () => {
    execFileSync('docker', ['image', 'rm', '--force', image]);
    await server.stop();
  }, 60_000);

  // Not the blocking kind: the server that is asked runs in this process.
  const inContainer = async (...command: string[]) => {
    const args = ['run', '--rm', '--add-host', 'host.docker.internal:host-gateway', image, ...command];
    return (await promisify(execFile)('docker', args, { timeout: 30_000 })).stdout;
  };

  it('are served at the address that it is told [ID-4]', async () => {
    const { json } = await server.call('GET', '/.well-known/runlayer-identity-forward.jwks.json');
    expect(JSON.parse(await inContainer('wget', '-q', '-O', '-', server.workloadKeysUrl))).toEqual(json);
  });

  it('are all that it reaches', async () => {
    const { port } = new URL(server.url);
    await expect(inContainer('wget', '-q', '-T', '3', '-O', '-', `http://host.docker.internal:${port}/health`)).rejects.toThrow();
    await expect(inContainer('wget', '-q', '-O', '-', new URL('/health', server.workloadKeysUrl).href)).rejects.toThrow();
  });
});
