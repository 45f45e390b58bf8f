// The network of an installation: containers on it reach the outside and are reached by the host, but not by one another.
import { createSocket } from 'node:dgram';
import { createTurns, pause } from '@runlayer/provisioner/driver';
import type { NetworkInspectInfo } from 'dockerode';
import { StartFailed, unless } from './engine-error.ts';
import type { EngineFacts } from './engine-facts.ts';
import { label } from './labels.ts';
import type { Reach, Settings } from './options.ts';

/** The one network that all deployments share. */
export interface Network {
  /** Makes it where it is missing, keeps it from being removed while `work` runs, and says which it is and how containers on it are reached. */
  use<Result>(signal: AbortSignal, work: (joined: Joined) => Promise<Result>): Promise<Result>;
  /** Removes it when no container of the installation is left and nobody uses it. */
  removeIfUnused(): Promise<void>;
}

/** What a container has to know to join it. */
export interface Joined {
  /** Id of the network: its name may be that of another one too, for a moment. */
  readonly network: string;
  readonly reach: Reach;
}

/** A container could not join: another process has just removed the network with its last deployment, or made it a second time. */
export class NetworkLost extends StartFailed {}

/** How often that may happen to one start. */
const mostLosses = 10;
const againMs = 100;

/**
 * One network for all, with inter-container communication off, rather than one for each deployment:
 * Docker's default address pools hold about 30 networks, and then creating one fails.
 * @see https://docs.docker.com/engine/network/drivers/bridge/#options
 */
export function createNetwork(settings: Settings, facts: () => Promise<EngineFacts>): Network {
  const { docker } = settings;
  const turns = createTurns();
  let users = 0;

  /** Oldest first. Engines before 23 let two processes make networks of one name at the same moment; the oldest is then the one. */
  async function present(): Promise<NetworkInspectInfo[]> {
    const listed = await docker.listNetworks({ filters: { name: [settings.network] } });
    return listed.filter(({ Name }) => Name === settings.network).sort((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
  }

  async function ensure(): Promise<NetworkInspectInfo> {
    const options = {
      Name: settings.network,
      Driver: 'bridge',
      CheckDuplicate: true,
      Labels: { [label.installation]: settings.installation },
      Options: { 'com.docker.network.bridge.enable_icc': 'false' },
    };
    // 409: another process made it since.
    if ((await present()).length === 0) await unless([409], docker.createNetwork(options));
    const [oldest, ...doubles] = await present();
    for (const { Id } of doubles) await unless([403, 404], docker.getNetwork(Id).remove());
    return oldest ?? docker.getNetwork(settings.network).inspect();
  }

  return {
    async use(signal, work) {
      for (let left = mostLosses; ; left -= 1) {
        const info = await turns.take(settings.network, { signal }, async () => {
          const made = await ensure();
          users += 1;
          return made;
        });
        try {
          return await work({ network: info.Id, reach: settings.reach === 'auto' ? await reachOf(info, await facts()) : settings.reach });
        } catch (error) {
          if (!(error instanceof NetworkLost) || left === 0) throw error;
          await pause(againMs, signal);
        } finally {
          users -= 1;
        }
      }
    },

    removeIfUnused: () =>
      turns.take(settings.network, {}, async () => {
        if (users > 0) return;
        const filters = { label: [`${label.installation}=${settings.installation}`] };
        const left = await docker.listContainers({ all: true, filters });
        const own = left.length > 0 ? [] : (await present()).filter(({ Labels }) => Labels?.[label.installation] === settings.installation);
        // 403: something that is not ours has joined it.
        for (const { Id } of own) await unless([403, 404], docker.getNetwork(Id).remove());
      }),
  };
}

function ageOf({ Created, Id }: NetworkInspectInfo): string {
  return `${Created} ${Id}`;
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
