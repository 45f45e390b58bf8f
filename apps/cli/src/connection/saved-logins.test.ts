import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSavedLogins, removeLogins, saveLogin, savedLoginsFile } from './saved-logins.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'runlayer-home-'));
});

afterEach(() => rm(home, { recursive: true }));

async function write(text: string): Promise<void> {
  await mkdir(join(home, '.runlayer'), { recursive: true });
  await writeFile(savedLoginsFile(home), text, { mode: 0o644 });
}

it('finds nothing where nothing was saved', async () => {
  expect(await readSavedLogins(home)).toEqual({ defaultHost: undefined, logins: [] });
});

it('saves a key that only its owner can read, as the published client writes it [CLI-1]', async () => {
  const file = await saveLogin(home, 'http://127.0.0.1:8000', 'rl_user_x');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toBe(
    'default_host: http://127.0.0.1:8000\nhosts:\n  127.0.0.1:8000:\n    url: http://127.0.0.1:8000\n    secret: rl_user_x\n',
  );
});

it('keeps comments, other hosts and what it does not know', async () => {
  await write('# mine\nfuture: [1]\nhosts:\n  a.example.com:\n    url: https://a.example.com\n    org_api_keys: {ci: rl_org_1}\n');
  await saveLogin(home, 'https://a.example.com', 'rl_user_a');
  const text = await readFile(savedLoginsFile(home), 'utf8');
  for (const kept of ['# mine', 'future:', 'rl_org_1', 'secret: rl_user_a']) expect(text).toContain(kept);
  expect((await stat(savedLoginsFile(home))).mode & 0o777).toBe(0o600);
});

it('forgets one host and leaves the others', async () => {
  await saveLogin(home, 'https://a.example.com', 'key-a');
  await saveLogin(home, 'https://b.example.com', 'key-b');
  await removeLogins(home, ['https://b.example.com']);
  expect(await readSavedLogins(home)).toEqual({ defaultHost: undefined, logins: [{ url: 'https://a.example.com', key: 'key-a' }] });
});

it.each(['[', 'hosts: [1', 'a: 1\na: 2\n'])('names the file when it cannot be read, and no part of it: %j', async (text) => {
  await write(`${text}\nsecret: rl_user_hidden`);
  await expect(readSavedLogins(home)).rejects.toMatchObject({ code: 'ERR_CLI_LOGIN_FILE' });
  await expect(readSavedLogins(home)).rejects.not.toThrow(/rl_user_hidden/);
});

it.each(['hosts: 5\n', 'hosts: [a]\n', 'just text\n', 'hosts: {a: {secret: x}}\n'])('takes %j for no login', async (text) => {
  await write(text);
  expect((await readSavedLogins(home)).logins).toEqual([]);
});
