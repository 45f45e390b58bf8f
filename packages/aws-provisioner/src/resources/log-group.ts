// The log of a deployment: kept for a set time, also after the deployment is gone.
import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { isNotFound, settled, spreadingMs, unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { demandOwned, missingTags, type Tags } from '../tags.ts';
import { arnOf } from './arns.ts';
import { readOrCreate } from './read-or-create.ts';

/** A log group as CloudWatch has it. */
export interface LogGroupState {
  readonly name: string;
  /** Without `:*`. */
  readonly arn: string;
  /** Days; nothing when it is kept for ever. */
  readonly retentionDays: number | undefined;
  readonly tags: Tags;
}

/** Reads the log group. */
export async function readLogGroup(ctx: AwsContext, deploymentId: string): Promise<LogGroupState | undefined> {
  const { logGroup: name } = ctx.names(deploymentId);
  const abort = { abortSignal: ctx.signal };
  // Names come in order, so the one that is the prefix itself comes first.
  const { logGroups = [] } = await ctx.clients.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }), abort);
  const found = logGroups.find(({ logGroupName }) => logGroupName === name);
  if (found === undefined) return undefined;
  const arn = await arnOf(ctx, 'logs', `log-group:${name}`);
  const tagged = await unlessGone(ctx.clients.logs.send(new ListTagsForResourceCommand({ resourceArn: arn }), abort));
  return tagged && { name, arn, retentionDays: found.retentionInDays, tags: tagged.tags ?? {} };
}

/** What {@link ensureLogGroup} would change, by name (`group`, `retention`, `tags`); for a plan. */
export function logGroupChanges(ctx: AwsContext, group: LogGroupState | undefined, deploymentId: string): string[] {
  if (group === undefined) return ['group'];
  return [
    ...(Object.keys(missingTags(group.tags, ctx.tags(deploymentId))).length === 0 ? [] : ['tags']),
    ...(group.retentionDays === ctx.options.logRetentionDays ? [] : ['retention']),
  ];
}

/**
 * Makes the log group, or corrects its retention. One that an earlier deployment with the same id left behind is taken up again.
 *
 * @throws `ERR_AWS_FOREIGN_OWNER` When a group with this name is not this deployment's.
 */
export async function ensureLogGroup(ctx: AwsContext, deploymentId: string): Promise<LogGroupState> {
  const { logGroup: name } = ctx.names(deploymentId);
  const abort = { abortSignal: ctx.signal };
  const tags = ctx.tags(deploymentId);
  const group = await readOrCreate(
    ctx,
    `the log group ${name} exists`,
    () => readLogGroup(ctx, deploymentId),
    () => createGroup(ctx, name, tags),
  );
  demandOwned(`The log group ${name}`, group.tags, tags);
  const missing = missingTags(group.tags, tags);
  if (Object.keys(missing).length > 0) {
    await ctx.clients.logs.send(new TagResourceCommand({ resourceArn: group.arn, tags: missing }), abort);
  }
  const { logRetentionDays: retentionInDays } = ctx.options;
  if (group.retentionDays === retentionInDays) return group;
  const retain = new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays });
  await settled(ctx, () => ctx.clients.logs.send(retain, abort), isNotFound, spreadingMs);
  return { ...group, retentionDays: retentionInDays };
}

async function createGroup(ctx: AwsContext, name: string, tags: Tags): Promise<LogGroupState> {
  const create = new CreateLogGroupCommand({ logGroupName: name, tags: { ...tags } });
  await settled(ctx, () => ctx.clients.logs.send(create, { abortSignal: ctx.signal }));
  return { name, arn: await arnOf(ctx, 'logs', `log-group:${name}`), retentionDays: undefined, tags };
}

/**
 * Removes the log group with every line in it. Gone already is fine.
 *
 * @throws `ERR_AWS_FOREIGN_OWNER` When a group with this name is not this deployment's.
 */
export async function removeLogGroup(ctx: AwsContext, deploymentId: string): Promise<void> {
  const group = await readLogGroup(ctx, deploymentId);
  if (group === undefined) return;
  demandOwned(`The log group ${group.name}`, group.tags, ctx.tags(deploymentId));
  const remove = new DeleteLogGroupCommand({ logGroupName: group.name });
  await settled(ctx, () => unlessGone(ctx.clients.logs.send(remove, { abortSignal: ctx.signal })));
}
