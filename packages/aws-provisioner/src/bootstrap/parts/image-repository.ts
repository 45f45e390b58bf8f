// The ECR repository that clients push the images of all deployments to.
import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  type Repository,
} from '@aws-sdk/client-ecr';
import { codeOf, unlessGone } from '../../calls/aws-error.ts';
import { tagList, tagsFrom } from '../../tags.ts';
import type { BootstrapContext } from '../bootstrap-options.ts';
import { demandOurs, type Part, type Seen } from '../part.ts';

/** Days until an image without a tag goes: a push that was replaced, or one that no deployment took. */
const untaggedDays = 7;

/** What the repository drops by itself. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
export const lifecyclePolicy: string = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: 'Images that no tag names any more',
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: untaggedDays },
      action: { type: 'expire' },
    },
  ],
});

/** Clients push to the same tag at each deploy, so tags may move; what runs is named by digest. */
const mutability = 'MUTABLE';
const scanning = { scanOnPush: true };

/** The repository. */
export function imageRepository(context: BootstrapContext): Part {
  const { aws, names, tags } = context;
  return {
    resource: 'image-repository',
    name: names.repository,
    features: ['encrypted', 'scans each image', `drops untagged images after ${untaggedDays} days`],
    look: () => look(context),
    create: () => {
      const create = new CreateRepositoryCommand({
        repositoryName: names.repository,
        imageTagMutability: mutability,
        imageScanningConfiguration: scanning,
        encryptionConfiguration: { encryptionType: 'AES256' },
        tags: tagList(tags),
      });
      return aws.clients.ecr.send(create, { abortSignal: aws.signal });
    },
  };
}

async function look(context: BootstrapContext): Promise<Seen | undefined> {
  const { aws, names } = context;
  const { ecr } = aws.clients;
  const abort = { abortSignal: aws.signal };
  const describe = new DescribeRepositoriesCommand({ repositoryNames: [names.repository] });
  const found = (await unlessGone(ecr.send(describe, abort)))?.repositories?.[0];
  if (found === undefined) return undefined;
  const tagged = await unlessGone(ecr.send(new ListTagsForResourceCommand({ resourceArn: found.repositoryArn }), abort));
  if (tagged === undefined) return undefined;
  demandOurs(`The repository ${names.repository}`, tagsFrom(tagged.tags), context);
  return { id: found.repositoryUri, corrections: corrections(context, found, await readLifecyclePolicy(context)) };
}

async function readLifecyclePolicy({ aws, names }: BootstrapContext): Promise<string | undefined> {
  const get = new GetLifecyclePolicyCommand({ repositoryName: names.repository });
  try {
    return (await aws.clients.ecr.send(get, { abortSignal: aws.signal })).lifecyclePolicyText;
  } catch (error) {
    if (codeOf(error) === 'LifecyclePolicyNotFoundException') return undefined;
    throw error;
  }
}

function corrections({ aws, names }: BootstrapContext, found: Repository, policy: string | undefined): Seen['corrections'] {
  const { ecr } = aws.clients;
  const abort = { abortSignal: aws.signal };
  const repository = { repositoryName: names.repository };
  const tags = new PutImageTagMutabilityCommand({ ...repository, imageTagMutability: mutability });
  const scans = new PutImageScanningConfigurationCommand({ ...repository, imageScanningConfiguration: scanning });
  const lifecycle = new PutLifecyclePolicyCommand({ ...repository, lifecyclePolicyText: lifecyclePolicy });
  return {
    ...(found.imageTagMutability === mutability ? {} : { 'tags cannot move': () => ecr.send(tags, abort) }),
    ...(found.imageScanningConfiguration?.scanOnPush === true ? {} : { 'images are not scanned': () => ecr.send(scans, abort) }),
    ...(isSame(policy) ? {} : { 'what it drops': () => ecr.send(lifecycle, abort) }),
  };
}

/** ECR hands the policy out with other blanks, and in an order of its own. */
function isSame(policy: string | undefined): boolean {
  if (policy === undefined) return false;
  try {
    return canonical(JSON.parse(policy)) === canonical(JSON.parse(lifecyclePolicy));
  } catch {
    return false;
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner === null || typeof inner !== 'object' || Array.isArray(inner)
      ? inner
      : Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
}
