import { expect, it } from 'vitest';
import { withDouble } from '../testing/with-double.ts';

const stage = withDouble();

it.each([
  [['deploy', '--frobnicate'], 'Unknown option --frobnicate.'],
  [['deploy', 'pull', '-e', 'x'], 'Unknown option -e.'],
  [['deploy', 'pull', '--config'], 'The option --config needs a value.'],
  [['deploy', 'nonsense'], 'Unexpected argument "nonsense".'],
  [['nonsense'], 'Unknown command: nonsense'],
  [['deploy', '--timeout', 'soon'], '--timeout "soon" is not a number of seconds.'],
  [['deploy', 'destroy', '--timeout=-1'], 'is not a number of seconds.'],
])('%j is wrong usage, and is told so [CLI-1, CLI-3]', async (args, message) => {
  const done = await stage.runlayer(args);
  expect(done).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) as string });
  expect(done.stderr).not.toMatch(/\n\s+at |#0/);
  expect(stage.requests()).toEqual([]);
});

it.each([
  [[], 'runlayer deploy init'],
  [['--help'], 'runlayer login'],
  [['deploy', '--help'], '-e,--env-file …'],
  [['deploy', 'destroy', '-h'], '--delete-all'],
  [['login', '--help'], '-s,--secret …'],
  [['doctor', 'aws', '--help'], '--role-arn …'],
  [['doctor', '--help'], 'runlayer doctor aws'],
])('%j prints help [CLI-1]', async (args, text) => {
  expect(await stage.runlayer(args)).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(text) as string });
});

it('prints its version', async () => {
  expect((await stage.runlayer(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('takes options before, between and after the words of a command [CLI-1]', async () => {
  const { id } = stage.platform.addRecord('notes');
  for (const args of [
    ['-c', 'a.yaml', 'deploy', 'pull', '-d', id],
    ['deploy', '-c', 'b.yaml', 'pull', '-d', id],
    ['deploy', 'pull', '-d', id, '-c', 'c.yaml'],
  ]) {
    const done = await stage.runlayer(args);
    expect(done, done.stderr).toMatchObject({ code: 0 });
  }
  expect(await Promise.all(['a.yaml', 'b.yaml', 'c.yaml'].map((file) => stage.read(file)))).toHaveLength(3);
});

it.each([
  ['no host is known', { RUNLAYER_HOST: '' }, 'RUNLAYER_HOST'],
  ['no key is known', { RUNLAYER_API_KEY: '' }, 'runlayer login'],
])('says what to do when %s', async (_what, env, text) => {
  expect(await stage.runlayer(['deploy', 'pull', '-d', 'x'], env)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(text) as string,
  });
});

it('warns before a key goes over plain HTTP to another machine', async () => {
  const done = await stage.runlayer(['deploy', 'pull', '-d', 'x'], { RUNLAYER_HOST: 'http://runlayer.invalid' });
  expect(done.stderr).toMatch(/^warning: .*without encryption/);
});
