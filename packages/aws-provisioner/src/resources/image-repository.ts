// The ECR repository of a deployment: where its images are pushed, and with which credentials.
import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  ListTagsForResourceCommand,
  type Repository,
} from '@aws-sdk/client-ecr';
import { settled, unlessGone } from '../aws-error.ts';
import type { AwsContext } from '../context.ts';
import { demandOwned, tagList, tagsFrom } from '../tags.ts';
import { readOrCreate } from './read-or-create.ts';

/**
 * Reads the repository of a deployment.
 * @throws `ERR_AWS_FOREIGN_OWNER`
 */
export async function readRepository(context: AwsContext, deploymentId: string): Promise<Repository | undefined> {
  const { clients, names, tags, signal } = context;
  const { repository: name } = names(deploymentId);
  const describe = new DescribeRepositoriesCommand({ repositoryNames: [name] });
  const found = (await unlessGone(clients.ecr.send(describe, { abortSignal: signal })))?.repositories?.[0];
  if (found === undefined) return undefined;
  const listed = await unlessGone(
    clients.ecr.send(new ListTagsForResourceCommand({ resourceArn: found.repositoryArn }), { abortSignal: signal }),
  );
  if (listed === undefined) return undefined;
  demandOwned(`The repository ${name}`, tagsFrom(listed.tags), tags(deploymentId));
  return found;
}

/** Makes the repository; gives the name under which images are pushed to it, with the host that is set. */
export async function ensureRepository(context: AwsContext, deploymentId: string): Promise<string> {
  const { clients, options, names, tags, signal } = context;
  const { repository: repositoryName } = names(deploymentId);
  const create = new CreateRepositoryCommand({ repositoryName, imageTagMutability: 'IMMUTABLE', tags: tagList(tags(deploymentId)) });
  const found = await readOrCreate(
    context,
    `the repository ${repositoryName} exists`,
    () => readRepository(context, deploymentId),
    async () => (await settled(context, () => clients.ecr.send(create, { abortSignal: signal }))).repository,
  );
  return options.registryHost === undefined ? (found.repositoryUri ?? '') : `${options.registryHost}/${repositoryName}`;
}

/** Removes the repository with its images. Gone already is fine. */
export async function removeRepository(context: AwsContext, deploymentId: string): Promise<void> {
  const { clients, names, signal } = context;
  if ((await readRepository(context, deploymentId)) === undefined) return;
  const remove = new DeleteRepositoryCommand({ repositoryName: names(deploymentId).repository, force: true });
  await unlessGone(clients.ecr.send(remove, { abortSignal: signal }));
}

/** What a push needs. */
export interface PushCredentials {
  readonly username: string;
  readonly password: string;
  /** After that they are worth nothing: 12 hours after they were made. */
  readonly expiresAt: Date | undefined;
}

/** Credentials for the account's registry. They are secret, and good for every repository that the platform may push to. */
export async function pushCredentials({ clients, signal }: AwsContext): Promise<PushCredentials> {
  const { authorizationData = [] } = await clients.ecr.send(new GetAuthorizationTokenCommand({}), { abortSignal: signal });
  const [username = '', ...rest] = Buffer.from(authorizationData[0]?.authorizationToken ?? '', 'base64')
    .toString()
    .split(':');
  return { username, password: rest.join(':'), expiresAt: authorizationData[0]?.expiresAt };
}
