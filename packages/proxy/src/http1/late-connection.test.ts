// A connection that comes late may lead to another server than the one that was meant.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { closeLater, closeUpstreams, openUpstream } from '../../test/adapters.ts';
import { send } from '../../test/raw-upstream.ts';
import { until } from '../../test/rig.ts';
import { createHttp1Upstream } from './http1-upstream.ts';

afterEach(closeUpstreams);

const program = `const server = require('node:net').createServer((socket) => socket.once('data', () => {
  console.log('request');
  socket.end('HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n');
}).on('error', () => {}));
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));`;

/** A server that is stopped, with its queue full: the system sends the first packet of further connections again after a second. */
async function stoppedServer(): Promise<{ origin: string; goOn(): void; requests(): number }> {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const fillers: Socket[] = [];
  closeLater(async () => {
    for (const socket of fillers) socket.destroy();
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  const port = Number(String((await once(child.stdout, 'data')) as unknown));
  let requests = 0;
  child.stdout.on('data', () => (requests += 1));
  child.kill('SIGSTOP');
  for (let filler = 0; filler < 8; filler += 1) fillers.push(connect(port, '127.0.0.1').on('error', () => undefined));
  await until(() => fillers.filter(({ connecting }) => !connecting).length >= 2);
  return { origin: `http://127.0.0.1:${port}`, goOn: () => void child.kill('SIGCONT'), requests: () => requests };
}

// Where this process stands still meanwhile, nobody can tell what was late, and the request is sent.
it('is given up before the request is sent, so that it can be looked up again where it goes [AWS-4, PLAT-4]', { retry: 5 }, async () => {
  const server = await stoppedServer();
  const sent = send(openUpstream(createHttp1Upstream, {}), { origin: server.origin });
  server.goOn();
  const told = await sent.over;
  expect(told.order).toEqual(['error']);
  expect(told.error?.code).toBe('UND_ERR_CONNECT_TIMEOUT');
  expect(server.requests()).toBe(0);
});
