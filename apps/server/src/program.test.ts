// The program as a process: what it prints, how it fails, how it stops.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Run, start, stopAll } from './testing/program.ts';

describe('runlayer-server', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'runlayer-program-'));
  afterAll(() => {
    stopAll();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('lists every setting with --help', async () => {
    const { code, stdout } = await start({}, '--help').ended;
    expect(code).toBe(0);
    expect(stdout).toContain('RUNLAYER_ADMIN_API_KEY');
  });

  it('prints its version', async () => {
    expect(await start({}, '--version').ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each([
    ['an unknown option', {}, ['--prot'], /--prot/],
    ['wrong settings', { PORT: 'http' }, [], /PORT: must be a whole number/],
    ['a missing settings file', {}, ['--config', '/nowhere.yaml'], /\/nowhere\.yaml cannot be read: ENOENT/],
    ['a wrong DOCKER_HOST', { DOCKER_HOST: 'tcp://host:port' }, [], /DOCKER_HOST/],
    ['a data folder that is a file', { RUNLAYER_DATA_DIR: '/dev/null' }, [], /data folder \/dev\/null cannot be used/],
    ['a database that does not answer', { DATABASE_URL: 'postgres://u:canary@127.0.0.1:1/d' }, [], /ERR_DATABASE_UNREACHABLE/],
  ])('ends with one clear message for %s', async (_name, environment, args, message) => {
    const { code, stdout, stderr } = await start({ PORT: '0', RUNLAYER_DATA_DIR: dataDir, ...environment }, ...args).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/canary|^ +at /m);
  });
});

describe('a start', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'runlayer-program-'));
  const file = join(dataDir, 'runlayer.yaml');
  writeFileSync(file, `port: 0\ndata_dir: ${dataDir}/data\n`);
  let first: Run;
  let [text, url, key] = ['', '', ''];
  beforeAll(async () => {
    first = start({}, '--config', file);
    text = await first.printed(/Admin API key: \S+\n[^]*saves it/);
    url = /ready at (\S+)/.exec(text)?.[1] ?? '';
    key = /Admin API key: (\S+)/.exec(text)?.[1] ?? '';
  }, 90_000);
  afterAll(() => {
    stopAll();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('prints address and folder, and the admin’s key, which works', async () => {
    expect(text).toContain(`${dataDir}/data`);
    expect((await fetch(`${url}/api/v1/users/me`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
    expect(statSync(join(dataDir, 'data', 'seal.key')).mode & 0o777).toBe(0o600);
  });

  it('without Docker works and says so; /ready tells', async () => {
    expect(text).toContain('Docker, which cannot be used now');
    const answer = await fetch(`${url}/ready`);
    expect(answer.status).toBe(503);
    const parts = { database: { ok: true }, worker: { ok: true }, target: { ok: false, detail: expect.stringContaining('ECONNREFUSED') } };
    expect(await answer.json()).toMatchObject({ status: 'not_ready', parts });
  });

  it('is refused on a port that is taken, by its number, with a way out', async () => {
    const { port } = new URL(url);
    const { code, stderr } = await start({ PORT: port, RUNLAYER_DATA_DIR: join(dataDir, 'other') }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken[^]*PORT=`));
  });

  it('is refused on a data folder in use, by the process that has it', async () => {
    const { code, stderr } = await start({ PORT: '0', RUNLAYER_DATA_DIR: join(dataDir, 'data') }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`is used by process ${first.child.pid}`);
  });

  it('ends with 0 on SIGTERM, and the next one shows no key', async () => {
    first.child.kill('SIGTERM');
    const { code, stderr } = await first.ended;
    expect(code).toBe(0);
    expect(stderr).not.toContain(key);
    const second = start({}, '--config', file);
    expect(await second.printed(/ready at/)).not.toContain('Admin API key');
    second.child.kill('SIGINT');
    expect((await second.ended).code).toBe(0);
  }, 90_000);
});
