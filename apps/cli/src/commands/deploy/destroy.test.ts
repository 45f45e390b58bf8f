import { expect, it } from 'vitest';
import { withDouble } from '../../testing/with-double.ts';

const stage = withDouble();

it('takes down, waits until it is gone, and shows that nothing is left [CLI-6]', async () => {
  const { id } = stage.platform.addRecord('notes');
  const done = await stage.runlayer(['deploy', 'destroy', '--yes', '-d', id]);
  expect(done, done.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/Destroyed notes[\s\S]*nothing\./) as string });
  expect(stage.platform.records.get(id)?.deletion_status).toBe('deleted');
});

it('says so when it is deleted already, and exits with 0 [CLI-6]', async () => {
  const record = stage.platform.addRecord('notes');
  record.deletion_status = 'deleted';
  expect(await stage.runlayer(['deploy', 'destroy', '-d', record.id])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('already deleted') as string,
  });
  expect(stage.requests()).toEqual(['GET /deployments/{id}']);
});

it('is refused while connectors are attached, naming them, unless they go too [CLI-6]', async () => {
  const record = stage.platform.addRecord('notes');
  record.connected_servers = [
    { id: '1', name: 'team notes' },
    { id: '2', name: 'old notes' },
  ];
  const refused = await stage.runlayer(['deploy', 'destroy', '--yes', '-d', record.id]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/team notes, old notes[\s\S]*--delete-all/) as string });
  expect(stage.requests()).toEqual(['GET /deployments/{id}']);
  expect(await stage.runlayer(['deploy', 'destroy', '--yes', '--delete-all', '-d', record.id])).toMatchObject({ code: 0 });
});

it('does nothing in a dry run but show what would go [CLI-6]', async () => {
  const record = stage.platform.addRecord('notes');
  record.connected_servers = [{ id: '1', name: 'team notes' }];
  const done = await stage.runlayer(['deploy', 'destroy', '--dry-run', '-d', record.id]);
  expect(done).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/notes[\s\S]*team notes[\s\S]*refused[\s\S]*Nothing was done/) as string,
  });
  expect(stage.requests()).toEqual(['GET /deployments/{id}']);
});

it('destroys nothing unasked: without a terminal it wants --yes [CLI-6]', async () => {
  const { id } = stage.platform.addRecord('notes');
  expect(await stage.runlayer(['deploy', 'destroy', '-d', id])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--yes') as string,
  });
  expect(stage.platform.records.get(id)?.deletion_status).toBeNull();
});

it('outlasts a server that is away while it waits [CLI-6]', async () => {
  const { id } = stage.platform.addRecord('notes');
  const destroying = stage.runlayer(['deploy', 'destroy', '--yes', '-d', id]);
  await expect.poll(() => stage.requests(), { timeout: 20_000 }).toContain('DELETE /deployments/{id}');
  stage.platform.refuse.set(`GET /deployments/${id}`, { status: 503, times: 2 });
  expect(await destroying).toMatchObject({ code: 0 });
});

it('tells a program in lines of JSON, the last of them the result [CLI-6]', async () => {
  const { id } = stage.platform.addRecord('notes');
  const { stdout } = await stage.runlayer(['deploy', 'destroy', '--yes', '--json', '-d', id]);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
  expect(lines.at(-1)).toMatchObject({ type: 'result', ok: true, deployment_id: id, status: 'deleted', left: [] });
});
