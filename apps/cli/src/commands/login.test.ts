import { expect, it } from 'vitest';
import { withDouble } from '../testing/with-double.ts';

const stage = withDouble();
const nothing = { RUNLAYER_HOST: '', RUNLAYER_API_KEY: '' };

it('saves a key after the server has recognised it, and later commands use it [CLI-1]', async () => {
  const { url, key } = stage.platform;
  const done = await stage.runlayer(['login', '--host', `${url}/`, '--secret', key], nothing);
  expect(done, done.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('ada@example.com') as string });
  expect(done.stdout).not.toContain(key);
  expect(stage.requests()).toEqual(['GET /users/me']);
  const record = stage.platform.addRecord('notes');
  expect(await stage.runlayer(['deploy', 'pull', '-d', record.id], nothing)).toMatchObject({ code: 0 });
});

it('saves nothing when the server refuses the key [CLI-1]', async () => {
  const done = await stage.runlayer(['login', '--host', stage.platform.url, '--secret', 'rl_user_wrong']);
  expect(done).toMatchObject({ code: 3, stdout: '' });
  await expect(stage.read('.runlayer/config.yaml')).rejects.toThrow(/ENOENT/);
});

it('asks for a key only on a terminal', async () => {
  const done = await stage.runlayer(['login', '--host', stage.platform.url]);
  expect(done).toMatchObject({ code: 2, stderr: expect.stringContaining('--secret') as string });
});

it.each([
  ['no scheme', 'runlayer.example.com'],
  ['a password', 'https://a:b@runlayer.example.com'],
])('refuses a host with %s [CLI-1]', async (_what, host) => {
  expect(await stage.runlayer(['login', '--host', host, '--secret', 'k'])).toMatchObject({ code: 2 });
});

it('forgets one host or all, and asks no server [CLI-1]', async () => {
  const { url, key } = stage.platform;
  await stage.runlayer(['login', '--host', url, '--secret', key]);
  stage.platform.seen.length = 0;
  expect((await stage.runlayer(['logout', '--host', 'https://other.example.com'])).stdout).toBe('No login was saved.\n');
  expect((await stage.runlayer(['logout', '--json'])).stdout).toBe(`{"ok":true,"hosts":["${url}"]}\n`);
  expect(await stage.read('.runlayer/config.yaml')).not.toContain(key);
  expect(stage.requests()).toEqual([]);
});
