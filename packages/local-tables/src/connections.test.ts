import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { limitConnections } from './connections.ts';

it('hears 512 connections of one address, no more, and more again when one is gone', async () => {
  const server = createServer((_request, response) => response.end('ok'));
  limitConnections(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  /** What comes first: an answer, or the end. */
  const heard = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      socket.once('data', () => resolve('heard'));
      socket.once('close', () => resolve('closed'));
      socket.write('GET / HTTP/1.1\r\nhost: h\r\n\r\n');
    });
  for (let n = 0; n < 512; n += 1) await open();
  expect(await heard(sockets[511]!)).toBe('heard');
  expect(await heard(await open())).toBe('closed');
  sockets[0]?.destroy();
  await expect.poll(async () => heard(await open())).toBe('heard');
  for (const socket of sockets) socket.destroy();
  server.close();
});
