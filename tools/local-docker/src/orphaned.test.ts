import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

it('ends the command when the shell that started the tool is gone', async () => {
  const command = `${process.execPath} -e "console.log('up'); process.on('SIGTERM', () => { console.log('told'); process.exit() }); setInterval(() => {}, 1000)"`;
  const shell = spawn('sh', ['-c', `${process.execPath} ${main} --optional -- ${command}; true`], {
    env: { ...process.env, DOCKER_HOST: 'unix:///nowhere/docker.sock', CI: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  shell.stdout.setEncoding('utf8').on('data', (piece: string) => {
    output += piece;
    if (output === 'up\n') shell.kill('SIGKILL');
  });
  // The pipe closes when the last program that holds it, the command, has ended.
  await once(shell.stdout, 'close');
  expect(output).toBe('up\ntold\n');
});
