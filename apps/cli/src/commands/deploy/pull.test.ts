import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { withDouble } from '../../testing/with-double.ts';

const stage = withDouble();

it('writes the stored configuration where there is no file yet [CLI-5]', async () => {
  const { id, export: stored } = stage.platform.addRecord('notes');
  const done = await stage.runlayer(['deploy', 'pull', '-d', id, '--json']);
  expect(JSON.parse(done.stdout)).toMatchObject({ ok: true, deployment_id: id, backup: null });
  expect(await stage.read('runlayer.yaml')).toBe(stored);
});

it('backs up the file, keeps its comments and takes what is stored [CLI-5]', async () => {
  const record = stage.platform.addRecord('notes');
  const before = `# mine\n${record.export.replace('TOKEN: ${TOKEN}', 'TOKEN: ${TOKEN:-none} # secret')}`;
  await stage.write('runlayer.yaml', before);
  record.export = record.export.replace('memory: 512', 'memory: 1024');
  const done = await stage.runlayer(['deploy', 'pull']);
  expect(done, done.stderr).toMatchObject({ code: 0 });
  const [backup = ''] = (await readdir(stage.sandbox.folder)).filter((file) =>
    /^runlayer\.yaml\.backup\.\d{4}-\d\d-\d\d-\d{6}$/.test(file),
  );
  expect(await stage.read(backup)).toBe(before);
  expect(await stage.read('runlayer.yaml')).toBe(before.replace('memory: 512', 'memory: 1024'));
});

it.each([
  ['the server fails', (id: string) => stage.platform.refuse.set(`GET /deployments/${id}/export-yaml`, { status: 500, times: 9 }), 1],
  ['the record is unknown', (id: string) => stage.platform.records.delete(id), 1],
  ['the record is deleted', (id: string) => Object.assign(stage.platform.records.get(id) ?? {}, { deletion_status: 'deleted' }), 1],
  ['nothing is stored', (id: string) => Object.assign(stage.platform.records.get(id) ?? {}, { export: ' \n' }), 1],
])('leaves the file as it was when %s [CLI-5]', async (_what, spoil, code) => {
  const { id, export: text } = stage.platform.addRecord('notes');
  await stage.write('runlayer.yaml', text);
  spoil(id);
  expect(await stage.runlayer(['deploy', 'pull'])).toMatchObject({ code });
  expect(await stage.read('runlayer.yaml')).toBe(text);
  expect((await readdir(stage.sandbox.folder)).filter((file) => file !== 'runlayer.yaml')).toEqual([]);
});

it.each(['name: notes\n', 'id:\nname: notes\n', 'id: ${NOWHERE}\n', '- a\n'])(
  'asks for an id where %j names none [CLI-5]',
  async (text) => {
    await stage.write('runlayer.yaml', text);
    expect(await stage.runlayer(['deploy', 'pull'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--deployment-id') as string,
    });
    expect(stage.requests()).toEqual([]);
  },
);
