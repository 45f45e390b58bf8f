// The network of an installation: containers on it reach the outside and are reached by the host, but not by one another.
import { createSocket } from 'node:dgram';
import { createTurns } from '@runlayer/provisioner/driver';
import type { NetworkInspectInfo } from 'dockerode';
import { unless } from './engine-error.ts';
import type { EngineFacts } from './engine-facts.ts';
import { label } from './labels.ts';
import type { Reach, Settings } from './options.ts';

/** The one network that all deployments share. */
export interface Network {
  /** Makes it where it is missing, keeps it from being removed while `work` runs, and says how containers on it are reached. */
  use<Result>(signal: AbortSignal, work: (reach: Reach) => Promise<Result>): Promise<Result>;
  /** Removes it when no container of the installation is left and nobody uses it. */
  removeIfUnused(): Promise<void>;
}

/**
 * One network for all, with inter-container communication off, rather than one for each deployment:
 * Docker's default address pools hold about 30 networks, and then creating one fails.
 * @see https://docs.docker.com/engine/network/drivers/bridge/#options
 */
export function createNetwork(settings: Settings, facts: () => Promise<EngineFacts>): Network {
  const turns = createTurns();
  const network = settings.docker.getNetwork(settings.network);
  let users = 0;

  async function ensure(): Promise<NetworkInspectInfo> {
    const present = await unless([404], network.inspect());
    if (present !== undefined) return present;
    const options = {
      Name: settings.network,
      Driver: 'bridge',
      CheckDuplicate: true,
      Labels: { [label.installation]: settings.installation },
      Options: { 'com.docker.network.bridge.enable_icc': 'false' },
    };
    // 409: another process made it since.
    await unless([409], settings.docker.createNetwork(options));
    return network.inspect();
  }

  return {
    async use(signal, work) {
      const info = await turns.take(settings.network, { signal }, async () => {
        const made = await ensure();
        users += 1;
        return made;
      });
      try {
        return await work(settings.reach === 'auto' ? await reachOf(info, await facts()) : settings.reach);
      } finally {
        users -= 1;
      }
    },

    removeIfUnused: () =>
      turns.take(settings.network, {}, async () => {
        if (users > 0) return;
        const filters = { label: [`${label.installation}=${settings.installation}`] };
        const left = await settings.docker.listContainers({ all: true, filters });
        const present = left.length > 0 ? undefined : await unless([404], network.inspect());
        if (present?.Labels?.[label.installation] !== settings.installation) return;
        // 403: something that is not ours has joined it.
        await unless([403, 404], network.remove());
      }),
  };
}

/** `bridge` where the network's gateway is an address of this very machine: only there do its addresses lead anywhere. */
async function reachOf(info: NetworkInspectInfo, { secluded }: EngineFacts): Promise<Reach> {
  // An engine of its own may well use the very addresses that another one has on this machine.
  if (secluded) return 'loopback';
  const gateway = info.IPAM?.Config?.map(gatewayOf).find((address) => address !== undefined);
  return gateway !== undefined && (await canBind(gateway)) ? 'bridge' : 'loopback';
}

/** The engine leaves out a gateway it chose itself at times; it then is the first address of the subnet. */
function gatewayOf({
  Gateway,
  Subnet,
}: {
  readonly Gateway?: string | undefined;
  readonly Subnet?: string | undefined;
}): string | undefined {
  const address = Gateway || Subnet?.replace(/\d+\/\d+$/, '1');
  return address?.includes(':') ? undefined : address;
}

/** Asked by binding, as the list of interfaces leaves out a bridge that no container has joined yet. */
function canBind(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(0, address, () => socket.close(() => resolve(true)));
  });
}
