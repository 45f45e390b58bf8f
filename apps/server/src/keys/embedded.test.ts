// `runlayer-server keys` as a process, on the embedded database: before a server, beside one, and after it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WireSigningKey } from '@runlayer/api';
import { createClient } from '@runlayer/api/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Run, start, stopAll } from '../testing/program.ts';

// Each process takes a second or two to start, and many run at once.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const folder = mkdtempSync(join(tmpdir(), 'runlayer-keys-'));
const dataDir = join(folder, 'data');
const adminKey = 'rl_user_keys_test_0123456789';
const place = { RUNLAYER_DATA_DIR: dataDir, PORT: '0', RUNLAYER_KEY_LEAD_SECONDS: '86400' };
const withKey = { ...place, RUNLAYER_ADMIN_API_KEY: adminKey };
afterAll(() => {
  stopAll();
  rmSync(folder, { recursive: true, force: true });
});

const keys = (environment: Record<string, string>, ...args: string[]) => start(environment, 'keys', ...args).ended;
const kidIn = (list: readonly WireSigningKey[], state: string) => list.find((key) => key.state === state)?.kid ?? 'none';

let server: Run;
let url: string;
const startServer = async () => {
  server = start(withKey);
  url = /ready at (\S+)/.exec(await server.printed(/ready at \S+\n/))?.[1] ?? '';
};
const listedByServer = async () => (await createClient({ host: url, apiKey: adminKey }).signingKeys.list()).data;

describe('keys, before there is a platform,', () => {
  it('makes none, and says what to set', async () => {
    const nowhere = join(folder, 'nowhere');
    const { code, stdout, stderr } = await keys({ ...place, RUNLAYER_DATA_DIR: nowhere }, 'list');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/There is no database in .*nowhere\.\n {2}hint: Set RUNLAYER_DATA_DIR or DATABASE_URL/);
    expect(existsSync(nowhere)).toBe(false);
  });

  it('helps, and tells wrong usage and wrong settings apart from failures', async () => {
    expect(await keys({}, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: runlayer-server keys'), stderr: '' });
    expect(await keys(place, 'rotate', '--soon')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining("'--soon'") });
    const wrong = await keys({ ...place, RUNLAYER_KEY_LEAD_SECONDS: '1' }, 'list');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('RUNLAYER_KEY_LEAD_SECONDS: must be a whole number from 2') });
  });
});

describe('keys, while a server uses the embedded database,', () => {
  beforeAll(startServer);

  it('needs an API key, and says which', async () => {
    const { code, stderr } = await keys(place, 'list');
    expect(code).toBe(3);
    expect(stderr).toContain(`is used by process ${server.child.pid}. That server must be asked`);
    expect(stderr).toContain('hint: Set RUNLAYER_ADMIN_API_KEY as the server has it, or RUNLAYER_API_KEY');
    const refused = await keys({ ...place, RUNLAYER_API_KEY: 'rl_user_wrong_key' }, 'list', '--json');
    expect(refused).toMatchObject({ code: 3, stderr: expect.not.stringContaining('rl_user_wrong_key') });
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'ERR_UNAUTHENTICATED' } });
  });

  it('asks that server, at whatever port it is [ID-4]', async () => {
    const { code, stdout } = await keys({ ...place, RUNLAYER_API_KEY: adminKey }, 'list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^STATE +KID +WHAT *\nnext +[\w-]{43} {2}signs from .*\ncurrent +[\w-]{43} {2}signs since [\d:]{8} UTC *\n$/);
  });

  it('keeps the wish when the wait for a rotation ends with Ctrl-C [ID-4]', async () => {
    const next = kidIn(await listedByServer(), 'next');
    const waits = start(withKey, 'keys', 'rotate', '--wait');
    expect(await waits.noted(/Waiting/)).toMatch(/Waiting, (23 h \d+ min|24 h) left/);
    waits.child.kill('SIGINT');
    const { code, stdout, stderr } = await waits.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(new RegExp(`^Key ${next} takes over at .* UTC \\(in 2[34] h.*\\), when every verifier has it\\.\n$`));
    expect(stderr).toContain('Stopped waiting. The change stays asked for');
    const tomorrow = (await listedByServer()).find(({ kid }) => kid === next)?.signs_from ?? '';
    expect(Date.parse(tomorrow) - Date.now()).toBeLessThan(86_410_000);
  });

  it('rotates at once with --now, and warns whom that may hurt [ID-4]', async () => {
    const next = kidIn(await listedByServer(), 'next');
    const { code, stdout, stderr } = await keys(withKey, 'rotate', '--now');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`Key ${next} signs since`) });
    expect(stderr).toMatch(/^Warning: verifiers that fetched the keys before .* do not have key/);
    expect(kidIn(await listedByServer(), 'current')).toBe(next);
  });
});

describe('keys, while no server runs,', () => {
  beforeAll(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
  });
  const short = { ...place, RUNLAYER_KEY_LEAD_SECONDS: '4' };

  it('waits for a rotation and makes it itself, also after a server that was killed [ID-4]', async () => {
    const { code, stdout } = await keys(short, 'rotate', '--json', '--wait');
    expect(code).toBe(0);
    const rotation = JSON.parse(stdout) as { done: boolean; kid: string };
    const { data } = JSON.parse((await keys(short, 'list', '--json')).stdout) as { data: WireSigningKey[] };
    expect(rotation).toMatchObject({ done: true, kid: kidIn(data, 'current') });
  });

  it('revokes only what is confirmed, and the server that starts next signs with another [ID-4]', async () => {
    const { data } = JSON.parse((await keys(short, 'list', '--json')).stdout) as { data: WireSigningKey[] };
    const [current, next] = [kidIn(data, 'current'), kidIn(data, 'next')];
    expect(await keys(short, 'revoke', current)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Add --yes') });
    const { code, stdout } = await keys(short, 'revoke', current, '--yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Key ${current} is revoked since [^]*Key ${next} signs now; [^]*at most 10 min`));
    expect(await keys(short, 'revoke', 'x', '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('err_signing_key_not_found'),
    });
    await startServer();
    expect(kidIn(await listedByServer(), 'current')).toBe(next);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    expect(existsSync(join(dataDir, 'server.url'))).toBe(false);
  });
});
