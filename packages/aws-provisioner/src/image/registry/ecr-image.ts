// Looks at an image in ECR.
import { BatchGetImageCommand, type ECRClient, GetDownloadUrlForLayerCommand, type Image } from '@aws-sdk/client-ecr';
import { codeOf, unlessGone } from '../../calls/aws-error.ts';
import { type AwsContext, createContext } from '../../calls/context.ts';
import type { EcrPlace, ImageName } from '../image-name.ts';
import { platformNamesOf } from '../../platform-names.ts';
import type { ImageLook } from './image-look.ts';
import { architectureOf, manifestTypes, mostConfigBytes, readManifest } from './manifest.ts';

/** Looks. A repository may be closed to the platform and open to the tasks: then it is `unknown`. */
export async function lookAtEcrImage(context: AwsContext, place: EcrPlace, name: ImageName): Promise<ImageLook> {
  const ecr = clientFor(context, place);
  try {
    const image = await readImage(context, ecr, place.account, name);
    const digest = image?.imageId?.imageDigest;
    if (image?.imageManifest === undefined || digest === undefined) return { state: 'missing' };
    return {
      state: 'found',
      digest,
      architectures: await architecturesOf(context, ecr, place.account, name.repository, image.imageManifest),
    };
  } catch (error) {
    // The platform is allowed to look into the shared repository only, and the tasks into that of their image.
    const isOwn = place.account === undefined || place.account === (await context.account());
    const isShared = isOwn && name.repository === platformNamesOf(context.options.environment).repository;
    if (isShared || codeOf(error) !== 'AccessDeniedException') throw error;
    return { state: 'unknown', reason: `the repository ${name.repository} of ECR is not open to the platform` };
  }
}

function clientFor(context: AwsContext, { region }: EcrPlace): ECRClient {
  return region === context.region ? context.clients.ecr : createContext({ ...context.options, region }).clients.ecr;
}

/** The image behind a tag or digest, with its manifest. */
export async function readImage(
  { signal }: Pick<AwsContext, 'signal'>,
  ecr: ECRClient,
  registryId: string | undefined,
  { repository, tag, digest }: Pick<ImageName, 'repository' | 'tag' | 'digest'>,
): Promise<Image | undefined> {
  const command = new BatchGetImageCommand({
    registryId,
    repositoryName: repository,
    imageIds: [digest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest: digest }],
    acceptedMediaTypes: [...manifestTypes],
  });
  return (await unlessGone(ecr.send(command, { abortSignal: signal })))?.images?.[0];
}

async function architecturesOf(
  context: AwsContext,
  ecr: ECRClient,
  registryId: string | undefined,
  repositoryName: string,
  text: string,
): Promise<readonly string[]> {
  const manifest = readManifest(text);
  if (manifest.type === 'index') return manifest.architectures;
  if (manifest.type === 'other') return [];
  const known = context.memory.images.find(manifest.config);
  if (known !== undefined) return known;
  const command = new GetDownloadUrlForLayerCommand({ registryId, repositoryName, layerDigest: manifest.config });
  const { downloadUrl } = (await unlessGone(ecr.send(command, { abortSignal: context.signal }))) ?? {};
  const architecture = downloadUrl === undefined ? undefined : architectureOf(await download(context, downloadUrl));
  const architectures = architecture === undefined ? [] : [architecture];
  context.memory.images.keep(manifest.config, architectures);
  return architectures;
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
    if (size > mostConfigBytes) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
