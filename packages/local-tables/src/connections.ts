// Leaves room for others: one address may hold a part of the connections only.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections at once: of all, and of one address. Where containers have addresses of their own, one cannot shut out the others. */
const most = { all: 2048, ofOne: 512 };

/** Bounds the connections of a server; one too many is closed unheard. */
export function limitConnections(server: Server): void {
  const byAddress = new Map<string, number>();
  server.maxConnections = most.all;
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (byAddress.get(address) ?? 0) + 1;
    byAddress.set(address, count);
    socket.once('close', () => {
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left === 0) byAddress.delete(address);
      else byAddress.set(address, left);
    });
    if (count > most.ofOne) socket.destroy();
  });
}
