// Where to listen so that containers reach a listener of the platform, and as few others as can be.
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import { listen } from './listen.ts';

const loopback = '127.0.0.1';

/**
 * The bridge where it is here. Where the engine runs in a virtual machine it is not, and host.docker.internal leads to loopback.
 * Asked by binding: the list of interfaces leaves out a bridge that no container has joined yet.
 *
 * @param bridge Address of the bridge as the engine tells it; `undefined` when it does not.
 */
export async function bridgeHost(bridge: string | undefined): Promise<string> {
  // An engine that does not answer now may be there in a moment; its usual bridge outlives it.
  const address = bridge ?? networkInterfaces()['docker0']?.find(({ family }) => family === 'IPv4')?.address;
  if (address === undefined) return loopback;
  const probe = createServer();
  const here = await listen(probe, address, 0).then(
    () => true,
    () => false,
  );
  probe.close();
  return here ? address : loopback;
}
