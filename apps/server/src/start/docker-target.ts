// The Docker side of the platform: the engine's client and what is built on it.
import type { Images } from '@runlayer/control-plane';
import { createDockerProvisioner } from '@runlayer/docker-provisioner';
import { createImageBuilder, type ImageBuilder, type RegistryAuth } from '@runlayer/image-builder';
import Docker from 'dockerode';
import { fail } from '../error-codes.ts';
import type { Settings } from '../settings/read-settings.ts';
import { settingsRegistry } from './registry.ts';
import { platformTables } from './tables.ts';
import type { Target } from './target.ts';
import { within } from './within.ts';

const engineMs = 3000;

/** A target on the engine of `DOCKER_HOST` or the default socket. Connects to nothing until it is asked. */
export function dockerTarget(settings: Settings): Target & Required<Pick<Target, 'bridgeAddress'>> {
  const docker = engineClient();
  const builder = createImageBuilder({ docker });
  const auth = registryAuth(settings);
  const bridgeAddress = async (): Promise<string | undefined> => {
    const network = await within(engineMs, docker.getNetwork('bridge').inspect()).catch(() => undefined);
    return gatewayOf(network);
  };
  const tables = platformTables(settings, bridgeAddress);
  return {
    provisioner: createDockerProvisioner({ docker, tables, credentials: async (registry) => auth(registry) }),
    tables,
    registry: settingsRegistry(settings),
    images: { resolve: (reference, options) => resolveImage(builder, auth, reference, options?.signal) },
    ping: async () => void (await within(engineMs, docker.ping())),
    defaultPlatform: async () => {
      const info = await within(engineMs, builder.engineInfo()).catch(() => undefined);
      return info?.platform ?? (process.arch === 'arm64' ? 'arm' : 'x86');
    },
    bridgeAddress,
  };
}

function engineClient(): Docker {
  try {
    return new Docker();
  } catch (error) {
    throw fail('ERR_SETTINGS', 'DOCKER_HOST is not the address of a Docker engine.', {
      cause: error,
      hint: 'Give one such as unix:///var/run/docker.sock.',
    });
  }
}

interface BridgeNetwork {
  readonly IPAM?: { readonly Config?: readonly { readonly Gateway?: string; readonly Subnet?: string }[] };
}

/** The engine leaves out a gateway that it chose itself; it then is the first address of the subnet. */
function gatewayOf(network: BridgeNetwork | undefined): string | undefined {
  const addresses = network?.IPAM?.Config?.map(({ Gateway, Subnet }) => Gateway ?? Subnet?.replace(/\d+\/\d+$/, '1'));
  return addresses?.find((address) => address !== undefined && !address.includes(':'));
}

/** An image of the engine, or of a registry where the reference names one. Local-mode images are in no registry. */
async function resolveImage(
  builder: ImageBuilder,
  auth: (reference: string) => RegistryAuth | undefined,
  reference: string,
  signal: AbortSignal | undefined,
): ReturnType<Images['resolve']> {
  const pull = !reference.startsWith('runlayer-local:') && !reference.startsWith('sha256:');
  const found = await builder.resolve(reference, { signal, pull, auth: auth(reference) });
  if (found === undefined) return undefined;
  if (found.platform === undefined)
    throw fail('ERR_IMAGE_PLATFORM', `The image ${reference} is built for a processor that is neither x86 nor arm.`);
  return { image: found.image, platform: found.platform };
}

/** The credentials of the managed registry, by its host or a reference into it. No other registry ever gets them. */
function registryAuth({ registryRepository, registryUsername, registryPassword }: Settings): (place: string) => RegistryAuth | undefined {
  const host = registryRepository?.split('/')[0];
  return (place) => {
    if (host === undefined || registryUsername === undefined) return undefined;
    const into = place === host || place.startsWith(`${registryRepository}@`) || place.startsWith(`${registryRepository}:`);
    return into ? { username: registryUsername, password: registryPassword ?? '', serveraddress: host } : undefined;
  };
}
