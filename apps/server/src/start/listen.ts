// Opens a TCP listener, and says clearly why one does not open.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fail } from '../error-codes.ts';

/** Listens; resolves to the port. @throws ERR_LISTEN naming address, port and what to change. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, host, port);
  }
  return (server.address() as AddressInfo).port;
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return fail('ERR_LISTEN', `Port ${port} on ${host} is taken by another program.`, {
        cause: error,
        hint: `Stop that program, or choose another port: PORT=${port === 65_535 ? 8081 : port + 1}.`,
      });
    case 'EACCES':
      return fail('ERR_LISTEN', `This user may not listen on port ${port}.`, {
        cause: error,
        hint: 'Choose a port above 1023: PORT=8080.',
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return fail('ERR_LISTEN', `${host} is no address of this machine.`, {
        cause: error,
        hint: 'Set RUNLAYER_LISTEN to 127.0.0.1, or to 0.0.0.0 for every address.',
      });
    default:
      return fail('ERR_LISTEN', `Port ${port} on ${host} cannot be opened: ${error.code ?? 'unknown'}.`, { cause: error });
  }
}
