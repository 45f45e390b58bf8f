// AWS as the tests have it: an emulator whose tasks are real containers, with what deployments share, and settings for a server on it.
import { type Emulator, startMinistack } from '@runlayer/aws-provisioner/testing/emulator';
import { type EmptyPlace, makeNetwork } from '@runlayer/aws-provisioner/testing/network';
import { inRepository, run } from '@runlayer/local-platform';
import { docker } from './deployments.ts';

/** What a client of the SDK is made with. */
export interface AwsConfig {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface AwsStage {
  /** Settings of a server on this AWS. */
  readonly env: Readonly<Record<string, string>>;
  readonly config: AwsConfig;
  readonly emulator: Emulator;
  /** Host of the registry that images are pushed to. */
  readonly registryHost: string;
  close(): Promise<void>;
}

const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
/** On AWS a container has the keys of its task role without being told. The emulator hands out none that the SDKs take. */
const inContainer = Object.entries(keys).map(([name, value]) => `${name}=${value}`);

/** Starts the emulator and makes what deployments share. Waits are short, so that what fails does so within seconds. */
export async function openAwsStage(): Promise<AwsStage> {
  const emulator = await startMinistack();
  const { endpoint, registryHost } = emulator;
  const place = await makeNetwork(emulator);
  const { region, credentials } = place;
  const env = {
    ...keys,
    ...(await bootstrap(place)),
    RUNLAYER_AWS_ENDPOINT: endpoint,
    RUNLAYER_AWS_REGISTRY_HOST: registryHost,
    RUNLAYER_AWS_CONTAINER_ENV: [`AWS_REGION=${region}`, ...inContainer].join(','),
    RUNLAYER_AWS_POLL_MS: '200',
    RUNLAYER_AWS_HEALTH_TIMEOUT_MS: '4000',
    RUNLAYER_AWS_ROLLOUT_TIMEOUT_MS: '60000',
    RUNLAYER_AWS_KEEP_LOGS: 'off',
    RUNLAYER_AWS_SCALING: 'off',
  };
  return {
    env,
    config: { region, endpoint, credentials },
    emulator,
    registryHost,
    async close() {
      await emulator.stop();
      await removeImages(registryHost);
    },
  };
}

/** Makes what deployments share as an operator does, and gives the settings that the command prints. */
async function bootstrap({ region, endpoint, vpc, subnets }: EmptyPlace): Promise<Record<string, string>> {
  const args = ['aws', 'bootstrap', '--region', region, '--vpc', vpc, '--subnets', subnets.join(','), '--yes', '--json'];
  const env = { ...keys, RUNLAYER_AWS_ENDPOINT: endpoint, RUNLAYER_AWS_POLL_MS: '50', RUNLAYER_AWS_SCALING: 'off' };
  const { code, stdout, stderr } = await run(process.execPath, [inRepository('apps/server/src/main.ts'), ...args], { env });
  if (code !== 0) throw new Error(`The bootstrap ended with ${code}:\n${stderr}`);
  return (JSON.parse(stdout) as { settings: Record<string, string> }).settings;
}

/** What the engine has pulled from the emulator it knows by its digest; nobody else can use it. */
async function removeImages(registryHost: string): Promise<void> {
  const images = await docker.listImages();
  const names = images.flatMap(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])]);
  for (const name of names.filter((one) => one.startsWith(`${registryHost}/`))) {
    await docker
      .getImage(name)
      .remove({ force: true })
      .catch(() => {});
  }
}
