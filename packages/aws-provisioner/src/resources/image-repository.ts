// The ECR repository that all deployments of an installation share: where it is, and with which credentials images are pushed to it.
import { DescribeRepositoriesCommand, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { unlessGone } from '../calls/aws-error.ts';
import { type AwsContext, createContext } from '../calls/context.ts';
import { awsError } from '../error-codes.ts';
import { platformNamesOf } from '../platform-names.ts';

/**
 * The name under which images are pushed and pulled, with the host that is set. Reads only.
 * @throws `ERR_AWS_PLATFORM` When the repository was not made yet.
 */
export async function readSharedRepository({ clients, options, signal }: AwsContext): Promise<string> {
  const { repository } = platformNamesOf(options.environment);
  const describe = new DescribeRepositoriesCommand({ repositoryNames: [repository] });
  const found = (await unlessGone(clients.ecr.send(describe, { abortSignal: signal })))?.repositories?.[0];
  if (found === undefined) {
    throw awsError('ERR_AWS_PLATFORM', `ECR has no repository ${repository} in ${options.region}.`, {
      hint: 'Make what deployments share with `runlayer-server aws bootstrap`.',
    });
  }
  return options.registryHost === undefined ? (found.repositoryUri ?? '') : `${options.registryHost}/${repository}`;
}

/** What a push needs. */
export interface PushCredentials {
  readonly username: string;
  readonly password: string;
  /** After that they are worth nothing. */
  readonly expiresAt: Date | undefined;
}

/** Credentials for the account's registry, with the rights of the role that is set for it; without one, with those of the platform. */
export async function pushCredentials(context: AwsContext): Promise<PushCredentials> {
  const { role, expires } = await inPushRole(context);
  const command = new GetAuthorizationTokenCommand({});
  const { authorizationData = [] } = await role.clients.ecr.send(command, { abortSignal: context.signal });
  const [{ authorizationToken = '', expiresAt } = {}] = authorizationData;
  const [username = '', ...rest] = Buffer.from(authorizationToken, 'base64').toString().split(':');
  return { username, password: rest.join(':'), expiresAt: earlier(expiresAt, expires) };
}

async function inPushRole(context: AwsContext): Promise<{ role: AwsContext; expires: Date | undefined }> {
  const { clients, options, signal } = context;
  if (options.pushRole === undefined) return { role: context, expires: undefined };
  // Longer than an hour AWS gives to nobody who is in a role himself.
  const assume = new AssumeRoleCommand({ RoleArn: options.pushRole, RoleSessionName: 'runlayer-push', DurationSeconds: 3600 });
  const { Credentials: given } = await clients.sts.send(assume, { abortSignal: signal });
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    ...(given?.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
  };
  return { role: createContext({ ...options, credentials }), expires: given?.Expiration };
}

function earlier(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}
