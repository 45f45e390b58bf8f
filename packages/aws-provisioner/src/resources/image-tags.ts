// A deployment's own tags in the shared repository: while an image has one, no lifecycle policy takes it.
import { BatchDeleteImageCommand, paginateDescribeImages, PutImageCommand } from '@aws-sdk/client-ecr';
import { codeOf, settled, unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { platformNamesOf } from '../platform-names.ts';
import { readImage } from '../image/registry/ecr-image.ts';

/** The tag with which a deployment keeps an image: `<deployment>.<first 16 digits of the digest>`. */
export function keepingTag(deploymentId: string, digest: string): string {
  return `${deploymentId}.${digest.replace(/^sha256:/, '').slice(0, 16)}`;
}

/** Whether a tag is a deployment's: the one that clients push to, or one that keeps an image. */
export function isTagOf(deploymentId: string, tag: string): boolean {
  return tag === deploymentId || tag.startsWith(`${deploymentId}.`);
}

/** Whether the image has the tag that keeps it. */
export async function isKept(context: AwsContext, deploymentId: string, digest: string): Promise<boolean> {
  const { repository } = platformNamesOf(context.options.environment);
  const tag = keepingTag(deploymentId, digest);
  const tagged = await readImage(context, context.clients.ecr, undefined, { repository, tag, digest: undefined });
  return tagged?.imageId?.imageDigest === digest;
}

/**
 * Gives the image a tag of the deployment's own, unless it has it. Reads only then.
 * @returns Whether the image is there.
 */
export async function keepImage(context: AwsContext, deploymentId: string, digest: string): Promise<boolean> {
  const { clients, options, signal } = context;
  const { repository } = platformNamesOf(options.environment);
  if (await isKept(context, deploymentId, digest)) return true;
  const image = await readImage(context, clients.ecr, undefined, { repository, tag: undefined, digest });
  if (image?.imageManifest === undefined) return false;
  const put = new PutImageCommand({
    repositoryName: repository,
    imageManifest: image.imageManifest,
    imageManifestMediaType: image.imageManifestMediaType,
    imageDigest: digest,
    imageTag: keepingTag(deploymentId, digest),
  });
  await settled(context, () => clients.ecr.send(put, { abortSignal: signal })).catch((error: unknown) => {
    // The answer to an earlier try was lost, or another apply was faster.
    if (codeOf(error) !== 'ImageAlreadyExistsException') throw error;
  });
  return true;
}

/** A tag of a deployment, and what it is on. */
export interface ImageTag {
  readonly tag: string;
  readonly digest: string;
}

/** All tags of a deployment; none where there is no repository. */
export async function listImageTags(context: AwsContext, deploymentId: string): Promise<ImageTag[]> {
  const { clients, options, signal } = context;
  const { repository: repositoryName } = platformNamesOf(options.environment);
  const pages = paginateDescribeImages(
    { client: clients.ecr, pageSize: 1000 },
    { repositoryName, filter: { tagStatus: 'TAGGED' } },
    { abortSignal: signal },
  );
  const tags: ImageTag[] = [];
  const read = async (): Promise<void> => {
    for await (const { imageDetails = [] } of pages) {
      for (const { imageDigest: digest = '', imageTags = [] } of imageDetails) {
        tags.push(...imageTags.filter((tag) => isTagOf(deploymentId, tag)).map((tag) => ({ tag, digest })));
      }
    }
  };
  await unlessGone(read());
  return tags;
}

/** Takes tags away; an image goes with its last one. Gone already is fine. */
export async function removeImageTags(context: AwsContext, tags: readonly string[]): Promise<void> {
  const { clients, options, signal } = context;
  const { repository: repositoryName } = platformNamesOf(options.environment);
  // ECR takes a hundred at a time.
  for (let at = 0; at < tags.length; at += 100) {
    const imageIds = tags.slice(at, at + 100).map((imageTag) => ({ imageTag }));
    const remove = new BatchDeleteImageCommand({ repositoryName, imageIds });
    await unlessGone(settled(context, () => clients.ecr.send(remove, { abortSignal: signal })));
  }
}
