// Looks, before anything is made, whether ECR has the image and whether it is built for the wanted platform.
import { BatchGetImageCommand, GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import type { Failure, WorkloadSpec } from '@runlayer/provisioner';
import { unlessGone } from './aws-error.ts';
import type { AwsContext } from './context.ts';
import { ecrPlaceOf, parseImageName } from './image-name.ts';

const indexTypes = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json'];
const manifestTypes = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json'];

/** Largest configuration of an image that is read, bytes. */
const mostBytes = 1_048_576;

/** Why the image cannot run, or nothing. An image of a registry that is not ECR is not looked at: ECS finds out when it pulls. */
export async function imageFailure(context: AwsContext, spec: Pick<WorkloadSpec, 'image' | 'platform'>): Promise<Failure | undefined> {
  const { repository, digest } = parseImageName(spec.image);
  if (digest === undefined) return unpinned(spec.image);
  const place = ecrPlaceOf(context, spec.image);
  if (place === undefined || place.region !== context.region) return undefined;
  const command = new BatchGetImageCommand({
    registryId: place.account,
    repositoryName: repository,
    imageIds: [{ imageDigest: digest }],
    acceptedMediaTypes: [...indexTypes, ...manifestTypes],
  });
  const found = await unlessGone(context.clients.ecr.send(command, { abortSignal: context.signal }));
  const manifest = found?.images?.[0]?.imageManifest;
  if (manifest === undefined) return missing(spec.image);
  const built = await architecturesOf(context, place.account, repository, manifest);
  const wanted = spec.platform === 'arm' ? 'arm64' : 'amd64';
  return built.length === 0 || built.includes(wanted) ? undefined : foreign(wanted, built);
}

interface Manifest {
  readonly manifests?: readonly { readonly platform?: { readonly architecture?: string } }[];
  readonly config?: { readonly digest?: string };
}

/** Architectures the image is built for; none where it does not say. */
async function architecturesOf(
  context: AwsContext,
  registryId: string | undefined,
  repositoryName: string,
  text: string,
): Promise<string[]> {
  const manifest: Manifest | undefined = parsed(text);
  if (manifest?.manifests !== undefined) {
    return manifest.manifests.flatMap(({ platform }) => platform?.architecture ?? []).filter((name) => name !== 'unknown');
  }
  const layerDigest = manifest?.config?.digest;
  if (layerDigest === undefined) return [];
  const command = new GetDownloadUrlForLayerCommand({ registryId, repositoryName, layerDigest });
  const { downloadUrl } = (await unlessGone(context.clients.ecr.send(command, { abortSignal: context.signal }))) ?? {};
  const architecture = downloadUrl === undefined ? undefined : parsed(await download(context, downloadUrl))?.['architecture'];
  return typeof architecture === 'string' ? [architecture] : [];
}

/** The configuration, or nothing where it cannot be had: then ECS finds out. */
async function download({ options, signal }: AwsContext, url: string): Promise<string> {
  // An emulator names the host of AWS, and is itself elsewhere.
  const there = options.endpoint === undefined ? url : new URL(new URL(url).pathname, options.endpoint);
  try {
    const answer = await fetch(there, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
    return answer.ok && answer.body !== null ? await textOf(answer.body) : '';
  } catch {
    signal.throwIfAborted();
    return '';
  }
}

/** What a body says; nothing when it says more than a configuration may, whatever length it was announced with. */
async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostBytes) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** What stands in JSON, or nothing where it is none. */
function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function missing(image: string): Failure {
  return {
    code: 'image_missing',
    message: `The registry does not have the image ${image}.`,
    fix: 'Push the image again, then deploy.',
    evidence: {},
  };
}

function unpinned(image: string): Failure {
  return {
    code: 'image_missing',
    message: `The image ${image} is not named by a digest in a registry, so what would run is not certain.`,
    fix: 'Push it to the repository of the deployment, and deploy it as repository@sha256:….',
    evidence: {},
  };
}

function foreign(wanted: string, built: readonly string[]): Failure {
  return {
    code: 'wrong_architecture',
    message: `The image is built for ${built.join(' and ')}, and the task has ${wanted}.`,
    fix: `Build the image for linux/${wanted}, or correct infrastructure.platform: x86 is linux/amd64, arm is linux/arm64.`,
    evidence: { architecture: built[0] },
  };
}
