// The table of a deployment that asks for a database: on demand, encrypted, with backups, and protected until the deployment is destroyed.
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  type TableDescription,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { awaited, codeOf, isNotFound, reasonOf, settled, unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { demandOwned, missingTags, tagList, type Tags, tagsFrom } from '../tags.ts';
import { arnOf } from './arns.ts';
import { readOrCreate } from './read-or-create.ts';

/** A table as DynamoDB has it. */
export interface TableState {
  readonly name: string;
  readonly arn: string;
  /** `CREATING`, `ACTIVE`, `UPDATING`, `DELETING` or another word of DynamoDB. */
  readonly status: string;
  readonly isProtected: boolean;
}

/** A table with what is kept beside it. */
export interface TableDetails extends TableState {
  readonly tags: Tags;
  /** Whether items expire by their attribute `ttl`. */
  readonly hasTtl: boolean;
  /** Whether it can be brought back as it was at any second of the last 35 days. */
  readonly hasBackups: boolean;
}

/** Attribute whose Unix time in seconds says when an item expires. */
const ttlAttribute = 'ttl';

/** ARN the table has or would have: policies can name it before it exists. */
export function tableArn(ctx: AwsContext, deploymentId: string): Promise<string> {
  return arnOf(ctx, 'dynamodb', `table/${ctx.names(deploymentId).table}`);
}

/** Reads the table alone. */
export async function readTable(ctx: AwsContext, deploymentId: string): Promise<TableState | undefined> {
  const describe = new DescribeTableCommand({ TableName: ctx.names(deploymentId).table });
  const found = await unlessGone(ctx.clients.dynamodb.send(describe, { abortSignal: ctx.signal }));
  return found?.Table && stateOf(found.Table);
}

function stateOf(table: TableDescription): TableState {
  return {
    name: table.TableName ?? '',
    arn: table.TableArn ?? '',
    status: table.TableStatus ?? '',
    isProtected: table.DeletionProtectionEnabled === true,
  };
}

/** Reads the table with its tags, expiry and backups. A table that goes away meanwhile has none of them. */
export async function readTableDetails(ctx: AwsContext, deploymentId: string): Promise<TableDetails | undefined> {
  const table = await readTable(ctx, deploymentId);
  return table && detailsOf(ctx, table);
}

async function detailsOf(ctx: AwsContext, table: TableState): Promise<TableDetails> {
  const { dynamodb } = ctx.clients;
  const abort = { abortSignal: ctx.signal };
  const name = { TableName: table.name };
  const [tagged, ttl, backups] = await Promise.all([
    unlessGone(dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: table.arn }), abort)),
    unlessGone(dynamodb.send(new DescribeTimeToLiveCommand(name), abort)),
    unlessGone(dynamodb.send(new DescribeContinuousBackupsCommand(name), abort)),
  ]);
  const { TimeToLiveStatus: status, AttributeName: attribute } = ttl?.TimeToLiveDescription ?? {};
  const recovery = backups?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  return {
    ...table,
    tags: tagsFrom(tagged?.Tags),
    hasTtl: (status === 'ENABLED' || status === 'ENABLING') && attribute === ttlAttribute,
    hasBackups: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
  };
}

/** What {@link ensureTable} would change, by name (`table`, `tags`, `protection`, `ttl`, `backups`); for a plan. */
export function tableChanges(ctx: AwsContext, table: TableDetails | undefined, deploymentId: string): string[] {
  if (table === undefined || table.status === 'DELETING') return ['table'];
  return [
    ...(Object.keys(missingTags(table.tags, ctx.tags(deploymentId))).length === 0 ? [] : ['tags']),
    ...(table.isProtected ? [] : ['protection']),
    ...(table.hasTtl ? [] : ['ttl']),
    ...(table.hasBackups ? [] : ['backups']),
  ];
}

/**
 * Makes the table, or corrects what it lacks, and waits until it can be used. Its items are never touched.
 *
 * @throws `ERR_AWS_FOREIGN_OWNER` When a table with this name is not this deployment's.
 * @throws `ERR_AWS_UNSETTLED` When it is not active after `settleTimeoutMs`.
 */
export async function ensureTable(ctx: AwsContext, deploymentId: string): Promise<TableDetails> {
  const { table: name } = ctx.names(deploymentId);
  let isNew = false;
  const create = (): Promise<TableState | undefined> => {
    isNew = true;
    return createTable(ctx, deploymentId);
  };
  const exists = `the table ${name} exists`;
  const look = async (): Promise<TableState | undefined> =>
    usable(await readOrCreate(ctx, exists, () => readTable(ctx, deploymentId), create));
  const table = await awaited(ctx, `the table ${name} is active`, look);
  const details = await awaited(ctx, `the tags of the table ${name} are to be seen`, async () => {
    const seen = await detailsOf(ctx, table);
    // DynamoDB shows the tags of a table it has just made a little later.
    return isNew && Object.keys(seen.tags).length === 0 ? undefined : seen;
  });
  demandOwned(`The table ${name}`, details.tags, ctx.tags(deploymentId));
  for (const change of tableChanges(ctx, details, deploymentId)) await correct(ctx, details, deploymentId, change);
  return { ...details, isProtected: true, hasTtl: true, hasBackups: true };
}

/** One that is being made or deleted is waited for; once it is deleted, its name is free. */
function usable(table: TableState): TableState | undefined {
  return table.status === 'ACTIVE' || table.status === 'UPDATING' ? table : undefined;
}

async function createTable(ctx: AwsContext, deploymentId: string): Promise<TableState | undefined> {
  const create = new CreateTableCommand({
    TableName: ctx.names(deploymentId).table,
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    SSESpecification: { Enabled: true },
    DeletionProtectionEnabled: true,
    Tags: tagList(ctx.tags(deploymentId)),
  });
  const made = await settled(ctx, () => ctx.clients.dynamodb.send(create, { abortSignal: ctx.signal }));
  return made.TableDescription && stateOf(made.TableDescription);
}

async function correct(ctx: AwsContext, { name, arn }: TableState, deploymentId: string, change: string): Promise<void> {
  const { dynamodb } = ctx.clients;
  const abort = { abortSignal: ctx.signal };
  const table = { TableName: name };
  await settled(
    ctx,
    async () => {
      if (change === 'tags') {
        await dynamodb.send(new TagResourceCommand({ ResourceArn: arn, Tags: tagList(ctx.tags(deploymentId)) }), abort);
      } else if (change === 'protection') {
        await dynamodb.send(new UpdateTableCommand({ ...table, DeletionProtectionEnabled: true }), abort);
      } else if (change === 'ttl') {
        const ttl = { Enabled: true, AttributeName: ttlAttribute };
        await unlessEnabled(dynamodb.send(new UpdateTimeToLiveCommand({ ...table, TimeToLiveSpecification: ttl }), abort));
      } else {
        const recovery = { PointInTimeRecoveryEnabled: true };
        await dynamodb.send(new UpdateContinuousBackupsCommand({ ...table, PointInTimeRecoverySpecification: recovery }), abort);
      }
    },
    isBusy,
  );
}

/** To enable it twice is a fault in DynamoDB's eyes: after a lost answer it is done. */
async function unlessEnabled(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (codeOf(error) !== 'ValidationException' || !/already enabled/i.test(reasonOf(error))) throw error;
  });
}

/** The table is changing in another way, or too young for backups. */
function isBusy(error: unknown): boolean {
  return /^(ResourceInUseException|ContinuousBackupsUnavailableException|LimitExceededException)$/.test(codeOf(error)) || isNotFound(error);
}

/**
 * Removes the table with every item: lifts its protection, deletes it, and waits until it is gone. Gone already is fine.
 *
 * @throws `ERR_AWS_FOREIGN_OWNER` When a table with this name is not this deployment's.
 * @throws `ERR_AWS_UNSETTLED` When it is not gone after `settleTimeoutMs`.
 */
export async function removeTable(ctx: AwsContext, deploymentId: string): Promise<void> {
  const { table: name } = ctx.names(deploymentId);
  await awaited(ctx, `the table ${name} is gone`, async () => ((await takeDown(ctx, deploymentId)) ? true : undefined));
}

/** Takes the next step of a deletion; says whether the table is gone. */
async function takeDown(ctx: AwsContext, deploymentId: string): Promise<boolean> {
  const { dynamodb } = ctx.clients;
  const abort = { abortSignal: ctx.signal };
  const table = await readTable(ctx, deploymentId);
  if (table === undefined) return true;
  if (table.status !== 'ACTIVE') return false;
  const { Tags: tags } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: table.arn }), abort);
  demandOwned(`The table ${table.name}`, tagsFrom(tags), ctx.tags(deploymentId));
  const step = table.isProtected
    ? dynamodb.send(new UpdateTableCommand({ TableName: table.name, DeletionProtectionEnabled: false }), abort)
    : dynamodb.send(new DeleteTableCommand({ TableName: table.name }), abort);
  await step.catch((error: unknown) => {
    if (!isBusy(error) && !isStillProtected(error)) throw error;
  });
  // After the last step of an emulator it is gone at once, and there is nothing to wait for.
  return table.isProtected ? false : (await readTable(ctx, deploymentId)) === undefined;
}

/** The lifted protection may not have spread yet. */
function isStillProtected(error: unknown): boolean {
  return codeOf(error) === 'ValidationException' && /deletion protection/i.test(reasonOf(error));
}
