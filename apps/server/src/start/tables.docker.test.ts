// Containers and their tables as a platform has them: a real engine, the real provisioner, the real SDK inside.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import { build } from 'esbuild';
import { createDockerProvisioner } from '@runlayer/docker-provisioner';
import { ensureBaseImage } from '@runlayer/local-docker';
import type { Endpoint, Provisioner, WorkloadSpec } from '@runlayer/provisioner';
import { commandMissing, describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../http/logger.ts';
import { readSettings } from '../settings/read-settings.ts';
import { dockerTarget } from './docker-target.ts';
import { platformTables, type PlatformTables, tablesFolder } from './tables.ts';

const image = `runlayer-test-tables:${process.pid}`;

describeWith((await dockerMissing()) ?? commandMissing('docker'), 'tables of containers', () => {
  const docker = new Docker();
  const dataDir = mkdtempSync(join(tmpdir(), 'platform-tables-'));
  const settings = readSettings({ RUNLAYER_DATA_DIR: dataDir });
  const installation = `test-${randomUUID().slice(0, 8)}`;
  const logged: string[] = [];
  let tables: PlatformTables;
  let provisioner: Provisioner;

  /** As at a start of the platform. */
  async function startPlatform(): Promise<void> {
    tables = platformTables(settings, dockerTarget(settings).bridgeAddress);
    await tables.resume(createLog('debug', { write: (line) => logged.push(line) }));
    provisioner = createDockerProvisioner({ docker, installation, tables, graceMs: 1000, healthTimeoutMs: 30_000 });
  }

  beforeAll(async () => {
    await ensureBaseImage(docker, 'node:24-slim', { pull: false });
    const context = mkdtempSync(join(tmpdir(), 'table-program-'));
    const program = fileURLToPath(new URL('../../fixtures/table-program.ts', import.meta.url));
    await build({ entryPoints: [program], outfile: join(context, 'program.cjs'), bundle: true, platform: 'node', logLevel: 'error' });
    writeFileSync(join(context, 'Dockerfile'), 'FROM node:24-slim\nCOPY program.cjs /program.cjs\nCMD ["node", "/program.cjs"]\n');
    execFileSync('docker', ['build', '--quiet', '--tag', image, context]);
    rmSync(context, { recursive: true });
    await startPlatform();
  });
  afterAll(async () => {
    await tables.close();
    execFileSync('docker', ['image', 'rm', '--force', image]);
    rmSync(dataDir, { recursive: true, force: true });
  });

  const newSpec = (changes: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
    deploymentId: randomUUID(),
    releaseId: randomUUID(),
    name: 'notes',
    image,
    cpu: 256,
    memoryMiB: 256,
    port: 8000,
    env: {},
    secrets: {},
    database: true,
    assumeRoles: {},
    ...changes,
  });
  async function serve(spec: WorkloadSpec): Promise<Endpoint> {
    const events = [];
    for await (const event of provisioner.apply(spec)) events.push(event);
    const last = events.at(-1);
    if (last?.type !== 'serving') throw new Error(JSON.stringify(events));
    return last.endpoints[0]!;
  }
  const ask = async ({ host, port }: Endpoint, path: string): Promise<unknown> =>
    (await fetch(`http://${host}:${port}${path}`, { headers: { connection: 'close' } })).json();
  async function destroy(deploymentId: string): Promise<readonly string[]> {
    let left: readonly string[] = ['no end'];
    for await (const event of provisioner.destroy(deploymentId)) if (event.type === 'destroyed') left = event.remaining;
    return left;
  }

  it('take no room before the first is wanted', async () => {
    const spec = newSpec({ database: false });
    await serve(spec);
    expect(await destroy(spec.deploymentId)).toEqual([]);
    expect(existsSync(tablesFolder(settings))).toBe(false);
  });

  it('are used by code that names neither key, region nor address, each by its own deployment only [CFG-6]', async () => {
    const [one, other] = [newSpec(), newSpec()];
    const [first, second] = [await serve(one), await serve(other)];
    expect(await ask(first, '/')).toBe('us-east-1');
    expect(await ask(first, '/put/greeting/hello')).toBe(200);
    expect(await ask(first, '/get/greeting')).toBe('hello');
    expect(await ask(second, '/get/greeting')).toBeNull();
    expect(await ask(second, `/steal/runlayer-${one.deploymentId}/greeting`)).toEqual({ error: 'AccessDeniedException' });
    expect(await ask(second, '/list')).toEqual({ error: 'AccessDeniedException' });
    expect(await destroy(other.deploymentId)).toEqual([]);

    // The platform starts anew: the same container goes on with the same items, and nothing is to be done.
    await tables.close();
    await startPlatform();
    expect(await provisioner.plan({ ...one, releaseId: randomUUID() })).toMatchObject({ action: 'none' });
    expect(await ask(first, '/get/greeting')).toBe('hello');

    const next = await serve({ ...one, releaseId: randomUUID(), env: { CHANGED: 'yes' } });
    expect(next.instance).not.toBe(first.instance);
    expect(await ask(next, '/get/greeting')).toBe('hello');
    expect(await destroy(one.deploymentId)).toEqual([]);
    expect(await tables.hasTable(one.deploymentId)).toBe(false);

    // The same id again begins with an empty table.
    const again = await serve({ ...one, releaseId: randomUUID() });
    expect(await ask(again, '/get/greeting')).toBeNull();
    expect(await destroy(one.deploymentId)).toEqual([]);
    expect(logged.join('')).not.toContain('hello');
  });

  it('are left alone where the user brings AWS credentials', async () => {
    const spec = newSpec({ secrets: { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'theirs' } });
    expect(await ask(await serve(spec), '/get/x')).toEqual({ error: 'UnrecognizedClientException' });
    expect(await destroy(spec.deploymentId)).toEqual([]);
  });
});
