// Finds the ids of all deployments of an environment from the names of what was made for them.
import { paginateListTables } from '@aws-sdk/client-dynamodb';
import { paginateDescribeSecurityGroups } from '@aws-sdk/client-ec2';
import { paginateDescribeImages } from '@aws-sdk/client-ecr';
import { paginateListServices, paginateListTaskDefinitionFamilies } from '@aws-sdk/client-ecs';
import { paginateListRoles } from '@aws-sdk/client-iam';
import { paginateListSecrets } from '@aws-sdk/client-secrets-manager';
import { unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { platformNamesOf } from '../platform-names.ts';

/** Ids in order. A log group alone does not count: `destroy` leaves it on purpose. */
export async function knownIds(context: AwsContext): Promise<string[]> {
  const lists = await Promise.all(sources.map((names) => collected(names(context))));
  const found = lists.flat().map((name) => idIn(context, name));
  return [...new Set(found.filter((id) => id !== undefined))].sort();
}

const uuid = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';

/** A name of ours: of a service, family, table or security group, of a role, of a secret, or a tag of an image. */
function idIn({ options: { environment } }: AwsContext, name: string): string | undefined {
  const ours = new RegExp(
    `^(?:runlayer-${environment}-(${uuid})(?:-task|-exec)?|runlayer/${environment}/(${uuid})/.+|(${uuid})(?:\\..+)?)$`,
  );
  const [, plain, secret, tag] = ours.exec(name) ?? [];
  return plain ?? secret ?? tag;
}

type Names = (context: AwsContext) => AsyncIterable<readonly (string | undefined)[]>;

const sources: readonly Names[] = [services, families, roles, secrets, tables, groups, imageTags];

/** All of them; none where the place they are listed from is not there. */
async function collected(pages: AsyncIterable<readonly (string | undefined)[]>): Promise<string[]> {
  const names: string[] = [];
  await unlessGone(
    (async () => {
      for await (const page of pages) names.push(...page.filter((name) => name !== undefined));
    })(),
  );
  return names;
}

async function* services({ clients, options, signal }: AwsContext): AsyncGenerator<(string | undefined)[]> {
  const pages = paginateListServices({ client: clients.ecs, pageSize: 100 }, { cluster: options.cluster }, { abortSignal: signal });
  for await (const { serviceArns = [] } of pages) yield serviceArns.map((arn) => arn.split('/').at(-1));
}

async function* families({ clients, options, signal }: AwsContext): AsyncGenerator<string[]> {
  const familyPrefix = `runlayer-${options.environment}-`;
  const pages = paginateListTaskDefinitionFamilies({ client: clients.ecs }, { familyPrefix, status: 'ACTIVE' }, { abortSignal: signal });
  for await (const page of pages) yield page.families ?? [];
}

async function* roles({ clients, options, signal }: AwsContext): AsyncGenerator<(string | undefined)[]> {
  const { path: PathPrefix } = platformNamesOf(options.environment);
  for await (const { Roles = [] } of paginateListRoles({ client: clients.iam }, { PathPrefix }, { abortSignal: signal })) {
    yield Roles.map(({ RoleName }) => RoleName);
  }
}

async function* secrets({ clients, options, signal }: AwsContext): AsyncGenerator<(string | undefined)[]> {
  const filter = { Filters: [{ Key: 'name' as const, Values: [`runlayer/${options.environment}/`] }], IncludePlannedDeletion: true };
  const pages = paginateListSecrets({ client: clients.secrets, pageSize: 100 }, filter, { abortSignal: signal });
  for await (const { SecretList = [] } of pages) yield SecretList.map(({ Name }) => Name);
}

async function* tables({ clients, signal }: AwsContext): AsyncGenerator<string[]> {
  for await (const { TableNames = [] } of paginateListTables({ client: clients.dynamodb }, {}, { abortSignal: signal })) yield TableNames;
}

async function* groups({ clients, options, signal }: AwsContext): AsyncGenerator<(string | undefined)[]> {
  const Filters = [
    { Name: 'vpc-id', Values: [options.vpc] },
    { Name: 'group-name', Values: [`runlayer-${options.environment}-*`] },
  ];
  for await (const page of paginateDescribeSecurityGroups({ client: clients.ec2 }, { Filters }, { abortSignal: signal })) {
    yield (page.SecurityGroups ?? []).map(({ GroupName }) => GroupName);
  }
}

async function* imageTags({ clients, options, signal }: AwsContext): AsyncGenerator<string[]> {
  const { repository: repositoryName } = platformNamesOf(options.environment);
  const wanted = { repositoryName, filter: { tagStatus: 'TAGGED' as const } };
  for await (const { imageDetails = [] } of paginateDescribeImages({ client: clients.ecr, pageSize: 1000 }, wanted, {
    abortSignal: signal,
  })) {
    yield imageDetails.flatMap(({ imageTags: tags = [] }) => tags);
  }
}
