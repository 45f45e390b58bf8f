// A line to a server that can be cut: what a verifier sees when the keys cannot be had.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Relay {
  readonly url: string;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Takes connections again, on the same port. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** Passes bytes on to a port of this machine. */
export async function openRelay(to: number): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(to, '127.0.0.1');
    for (const end of [socket, onward]) {
      open.add(end);
      end.on('close', () => open.delete(end)).on('error', () => undefined);
    }
    socket.pipe(onward).on('close', () => socket.destroy());
    onward.pipe(socket).on('close', () => onward.destroy());
  });
  const listen = async (port: number): Promise<void> => void (await once(server.listen(port, '127.0.0.1'), 'listening'));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    mend: () => listen(port),
    async close() {
      cut();
    },
  };
}
