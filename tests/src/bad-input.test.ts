import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository, run, startPlatform, type Platform } from '@runlayer/local-platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkspace, echoConfig, type Workspace } from './workspace.ts';

const unknownId = '00000000-0000-4000-8000-000000000000';
const bomb = `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`).join('\n')}\n`;

let platform: Platform;
let workspace: Workspace;

beforeAll(async () => {
  platform = await startPlatform();
  workspace = await createWorkspace(platform);
});

afterAll(async () => {
  await platform.stop();
  await workspace.remove();
});

describe('a faulty file', () => {
  it.each([
    ['broken YAML', 'service: [\n', /runlayer\.yaml:\d+:\d+/],
    ['an empty file', '', /empty/i],
    ['a list', '- a\n', /runlayer\.yaml:1:1/],
    ['wrong types', 'name: x\nservice: {port: many}\n', /service\.port/],
    ['unknown keys', `${echoConfig('x')}volumes: []\n`, /volumes/],
    ['a missing variable', echoConfig('x', { A: '${NOT_SET_ANYWHERE}' }), /Required environment variable 'NOT_SET_ANYWHERE' is not set/],
    [
      'a missing variable beside another fault',
      'name: x\nservice: {port: 0}\nenv: {A: "${NOT_SET}"}\n',
      /:2:17: service\.port[\s\S]*:3:\d+: env\.A: Required/,
    ],
    ['an alias bomb', bomb, /alias/i],
    ['5 MB', `${echoConfig('x')}  BIG: "${'x'.repeat(5_000_000)}"\n`, /MiB|large|too big/i],
  ])('of %s is refused with its place and nothing is created [CLI-4, CFG-10, CFG-1]', async (_name, text, message) => {
    await workspace.write('runlayer.yaml', text);
    const began = performance.now();
    const { code, stdout, stderr } = await workspace.runlayer(['deploy']);
    expect(stdout + stderr).toMatch(message);
    expect(stdout + stderr).not.toMatch(/\n\s+at .*\.[jt]s:\d+/);
    expect(code).toBe(2);
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(await platform.api('GET', '/deployments')).toMatchObject({ data: [] });
    expect(await readFile(join(workspace.folder, 'runlayer.yaml'), 'utf8')).toBe(text);
  });

  it.each([
    ['an alias bomb', bomb],
    ['5 MB', `env:\n  BIG: ${'x'.repeat(5_000_000)}\n`],
  ])('of %s is refused by the server too, which lives on', async (_name, yaml_content) => {
    const response = await fetch(`${platform.url}/api/v1/deployments/validate-yaml`, {
      method: 'POST',
      headers: { 'x-runlayer-api-key': platform.adminKey, 'content-type': 'application/json' },
      body: JSON.stringify({ yaml_content }),
    });
    const body = (await response.json()) as { valid?: boolean; detail?: string };
    expect(body.valid === false || typeof body.detail === 'string').toBe(true);
    expect((await fetch(`${platform.url}/health`)).status).toBe(200);
  });
});

describe('the command', () => {
  it.each([
    ['an unknown deployment', ['deploy', 'pull', '-d', unknownId], {}, 1, /not found|no deployment|unknown/i],
    ['an id that is none', ['deploy', 'destroy', '--yes', '-d', 'nonsense'], {}, 1, /not found|no deployment|unknown/i],
    ['a wrong key', ['deploy', 'pull', '-d', unknownId], { RUNLAYER_API_KEY: 'rl_user_wrong' }, 3, /key/i],
    ['no server', ['deploy', 'pull', '-d', unknownId], { RUNLAYER_HOST: 'http://127.0.0.1:9' }, 1, /127\.0\.0\.1:9/],
    ['no Docker', ['deploy'], { DOCKER_HOST: 'unix:///nowhere/docker.sock' }, 1, /docker/i],
    ['an unknown option', ['deploy', '--frobnicate'], {}, 2, /frobnicate/],
  ])('says what to do about %s, keeps the file and exits with %s [CLI-1, CLI-3]', async (_name, args, env, code, message) => {
    const text = echoConfig('kept');
    await workspace.write('runlayer.yaml', text);
    const done = await workspace.runlayer(args, { env });
    expect(done.stdout + done.stderr).toMatch(message);
    expect(done).toMatchObject({ code });
    expect((await readFile(join(workspace.folder, 'runlayer.yaml'), 'utf8')).replace(/^id: .*\n/m, '')).toBe(text);
  });

  it('does not deploy, pull or revive a deleted deployment', async () => {
    const { id } = await platform.api<{ id: string }>('POST', '/deployments/', { name: 'gone' });
    await workspace.write('runlayer.yaml', `id: ${id}\n${echoConfig('gone')}`);
    expect(await workspace.runlayer(['deploy', 'destroy', '--yes'])).toMatchObject({ code: 0 });
    for (const args of [['deploy'], ['deploy', 'pull']]) {
      const done = await workspace.runlayer(args);
      expect(done.code).toBe(1);
      expect(done.stdout + done.stderr).toMatch(/deleted/);
    }
  });
});

describe('the server', () => {
  const main = inRepository('apps/server/src/main.ts');
  const start = (env: Record<string, string>) =>
    run(process.execPath, [main], { env: { RUNLAYER_ADMIN_API_KEY: platform.adminKey, ...env }, timeoutMs: 60_000 });

  it('names the port that is taken', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'runlayer-port-'));
    const ended = await start({ PORT: String(platform.port), RUNLAYER_DATA_DIR: folder });
    await rm(folder, { recursive: true });
    expect(ended.code).toBe(1);
    expect(ended.stdout + ended.stderr).toMatch(new RegExp(String(platform.port)));
  });

  it('refuses a data folder that another server uses', async () => {
    const ended = await start({ PORT: '0', RUNLAYER_DATA_DIR: platform.dataDir });
    expect(ended.code).toBe(1);
    expect(ended.stdout + ended.stderr).toMatch(new RegExp(String(platform.process.pid)));
  });

  it('lists every faulty setting at once', async () => {
    const ended = await start({ PORT: 'many', RUNLAYER_URL: 'nowhere', RUNLAYER_DATA_DIR: '/proc/none' });
    expect(ended.code).not.toBe(0);
    expect(ended.stdout + ended.stderr).toMatch(/PORT[\s\S]*RUNLAYER_URL/);
  });
});
