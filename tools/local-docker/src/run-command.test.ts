import { expect, it } from 'vitest';
import { exitCodeOf, runCommand } from './run-command.ts';

const never = new AbortController().signal;
const run = (code: string, signal = never) => runCommand(process.execPath, ['-e', code], { ...process.env, SEEN: 'yes' }, signal);

it.each([
  ['its exit code', 'process.exit(7)', 7],
  ['success', '', 0],
  ['the signal that ended it', "process.kill(process.pid, 'SIGKILL')", 137],
  ['the environment it was given', "process.exit(process.env.SEEN === 'yes' ? 3 : 4)", 3],
])('passes on %s', async (_name, code, expected) => {
  expect(await run(code)).toBe(expected);
});

it('passes a signal on to the command, which decides how to end', async () => {
  const interruption = new AbortController();
  const code = "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); process.kill(process.ppid, 'SIGUSR2')";
  process.once('SIGUSR2', () => interruption.abort('SIGTERM'));
  expect(await run(code, interruption.signal)).toBe(5);
});

it('starts nothing after a signal', async () => {
  expect(await run('process.exit(1)', AbortSignal.abort('SIGINT'))).toBe(exitCodeOf('SIGINT'));
});

it('fails when there is no such command', async () => {
  await expect(runCommand('no-such-command', [], process.env, never)).rejects.toThrow('ENOENT');
});
