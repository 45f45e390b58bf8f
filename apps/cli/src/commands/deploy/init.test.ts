import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withDouble } from '../../testing/with-double.ts';

const stage = withDouble();

it('creates the record and writes its template [CLI-2]', async () => {
  const done = await stage.runlayer(['deploy', 'init', '--name', 'notes', '--json']);
  const [record] = stage.platform.records.values();
  expect(JSON.parse(done.stdout)).toMatchObject({ ok: true, deployment_id: record?.id, name: 'notes' });
  expect(await stage.read('runlayer.yaml')).toContain(`id: ${record?.id}\nname: notes\n`);
  expect(stage.requests()).toEqual(['POST /deployments/']);
});

it.each([
  ['an invalid name', ['--name', 'Notes!'], 2, /Notes!/],
  ['no name and no terminal', [], 2, /--name/],
  ['an existing file', ['--name', 'notes', '--config', 'there.yaml'], 1, /there\.yaml exists/],
  ['a folder in its place', ['--name', 'notes', '--config', 'folder'], 1, /exists/],
  ['a missing folder', ['--name', 'notes', '--config', 'none/runlayer.yaml'], 2, /folder of none/],
])('creates nothing for %s [CLI-2]', async (_what, args, code, message) => {
  await stage.write('there.yaml', 'mine');
  await mkdir(join(stage.sandbox.folder, 'folder'));
  const done = await stage.runlayer(['deploy', 'init', ...args]);
  expect(done).toMatchObject({ code, stderr: expect.stringMatching(message) as string });
  expect(stage.requests()).toEqual([]);
  expect(await stage.read('there.yaml')).toBe('mine');
});

it('writes nothing when the server refuses [CLI-2]', async () => {
  stage.platform.refuse.set('POST /deployments/', { status: 403, times: 1, detail: 'Members may not.' });
  expect(await stage.runlayer(['deploy', 'init', '--name', 'notes'])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('Members may not.') as string,
  });
  await expect(stage.read('runlayer.yaml')).rejects.toThrow(/ENOENT/);
});
