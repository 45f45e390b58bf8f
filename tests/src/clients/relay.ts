// A TCP relay between a client and the platform whose connections a test can cut.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { waitFor } from '@runlayer/local-platform';

export interface Relay {
  readonly port: number;
  /** Resolves once these bytes have passed to the client, since the start or the last cut. */
  passed(text: string): Promise<void>;
  /** Cuts every connection: what has passed still arrives, nothing more does. New connections are taken. */
  cut(): void;
  close(): Promise<void>;
}

export async function startRelay(target: number): Promise<Relay> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let text = '';
  const server = createServer((client) => {
    const platform = connect(target, '127.0.0.1');
    const pair = [client, platform] as const;
    pairs.add(pair);
    platform.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
    client.pipe(platform).pipe(client);
    for (const [one, other] of [pair, [platform, client] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroySoon();
        pairs.delete(pair);
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    text = '';
    for (const [client, platform] of pairs) {
      platform.unpipe(client).destroy();
      client.destroySoon();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    passed: async (wanted) => {
      await waitFor(`${wanted} passing the relay`, () => text.includes(wanted) || undefined);
    },
    cut,
    async close() {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
