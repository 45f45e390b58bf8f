// The way to a container that leaves the platform out: a port of this machine, joined to the container's byte by byte.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { docker, containersOf } from './deployments.ts';

export interface Relay {
  /** On 127.0.0.1, as the suite tests rebinding of names on local servers only. */
  readonly origin: string;
  close(): void;
}

/** Opens a port that leads to the container of a deployment. */
export async function relayTo(deploymentId: string, port: number): Promise<Relay> {
  const host = await addressOf(deploymentId);
  const server = createServer((near) => join(near, connect(port, host))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

async function addressOf(deploymentId: string): Promise<string> {
  const [container] = await containersOf(deploymentId);
  if (container === undefined) throw new Error(`Deployment ${deploymentId} has no container.`);
  const { NetworkSettings } = await docker.getContainer(container.Id).inspect();
  const address = Object.values(NetworkSettings.Networks).find(({ IPAddress }) => IPAddress !== '')?.IPAddress;
  if (address === undefined) throw new Error(`Container ${container.Id} has no address.`);
  return address;
}

function join(near: Socket, far: Socket): void {
  near.pipe(far).pipe(near);
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on('error', () => other.destroy()).on('close', () => other.destroy());
  }
}
