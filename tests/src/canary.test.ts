import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform, type Platform } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callEcho, destroy } from './deployments.ts';
import { createWorkspace, echoConfig, type Workspace } from './workspace.ts';

const canary = 'canary-7d1f!"$\\x-4b6e-9c2a';

/** The value as it may come out in bytes: plain, inside JSON, URL-encoded, base64. */
const disguises = [
  canary,
  JSON.stringify(canary).slice(1, -1),
  encodeURIComponent(canary),
  Buffer.from(canary).toString('base64').replaceAll('=', ''),
];

async function bytesBelow(folder: string): Promise<Buffer> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return Buffer.concat(await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name)))));
}

function expectNoCanary(bytes: Buffer | string, where: string): void {
  for (const disguise of disguises) expect(bytes.includes(disguise), `${where} holds the secret as ${disguise}`).toBe(false);
}

describeWith(await dockerMissing(), 'a secret in env', () => {
  let dataDir: string;
  let platform: Platform;
  let workspace: Workspace;
  let id: string;
  const written: string[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'runlayer-canary-'));
    platform = await startPlatform({ dataDir, env: { RUNLAYER_LOG_LEVEL: 'debug' } });
    workspace = await createWorkspace(platform);
  });

  afterAll(async () => {
    await destroy(platform, id);
    await platform.stop();
    await workspace.remove();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function runAndKeep(args: readonly string[], config: string): Promise<number> {
    await workspace.write('runlayer.yaml', `${id === undefined ? '' : `id: ${id}\n`}${config}`);
    const { code, stdout, stderr } = await workspace.runlayer(args, { env: { CANARY: canary } });
    written.push(stdout, stderr);
    id ??= (await platform.api<{ data: { id: string }[] }>('GET', '/deployments')).data[0]?.id ?? '';
    return code;
  }

  it('reaches the container, even one that prints it [SEC-1]', async () => {
    expect(await runAndKeep(['deploy'], echoConfig('canary', { TOKEN: '${CANARY}', PRINT_ENV: '1' })), written.join('\n')).toBe(0);
    expect((await callEcho(platform, id)).env['TOKEN']).toBe(canary);
  });

  it('stays out of the error of a container that prints it and dies [SEC-1, PLAT-4]', async () => {
    expect(await runAndKeep(['deploy'], echoConfig('canary', { TOKEN: '${CANARY}', PRINT_ENV: '1', EXIT_AT_START: '3' }))).toBe(1);
  });

  it('stays out of the report of a faulty file [SUB-8, CFG-8]', async () => {
    expect(
      await runAndKeep(['deploy', 'validate'], echoConfig('canary', { 'BAD-NAME': '${CANARY}', LONG: `\${CANARY}${'x'.repeat(2001)}` })),
    ).toBe(2);
    const answer = await platform.api('POST', '/deployments/validate-yaml', { yaml_content: echoConfig('canary', { 'BAD-NAME': canary }) });
    written.push(JSON.stringify(answer));
  });

  it('appears in no answer of the API, no output of the command, no log and no byte of the database [SEC-1]', async () => {
    const history = await platform.api<{ data: { id: string }[] }>('GET', `/deployments/${id}/history?limit=100`);
    const paths = [
      `/deployments/${id}`,
      `/deployments/${id}/status`,
      `/deployments/${id}/export-yaml`,
      `/deployments/${id}/logs`,
      '/deployments',
      '/audit-events',
    ];
    paths.push(...history.data.map((release) => `/deployments/history/${release.id}/logs`));
    for (const path of paths) expectNoCanary(JSON.stringify(await platform.api('GET', path)), path);
    expectNoCanary(JSON.stringify(history), 'the history');
    expectNoCanary(written.join('\n'), 'the output of the command');
    expectNoCanary(platform.output(), "the server's log");
    expectNoCanary(await bytesBelow(dataDir), 'the data folder');
  });
});
