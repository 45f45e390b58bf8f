// Takes away what no task needs any more: former revisions of the task definition, the secrets that only they name, and the tags of their images.
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { AwsContext } from '../calls/context.ts';
import { parseImageName } from '../image/image-name.ts';
import { deleteDefinitions, listDefinitions, readDefinition, removeDefinitions } from '../resources/definition.ts';
import { removeEnvSecrets } from '../resources/env-secret.ts';
import { type ImageTag, listImageTags, removeImageTags } from '../resources/image-tags.ts';
import { readService } from '../resources/service.ts';
import { secretArnOf } from '../definition/task-definition.ts';

/** What the apply that prunes has registered. */
export interface Own {
  readonly definition: TaskDefinition;
  /** Whether it is known to serve, whatever a server of ECS that lags may show. */
  readonly isServing: boolean;
}

/**
 * Keeps what the service runs, what tasks of a rollout run that has not ended, and what another apply is about to roll out.
 * Call it when no rollout is under way: until then ECS may go back to a former revision, which then needs its own values.
 */
export async function prune(context: AwsContext, deploymentId: string, own: Own): Promise<void> {
  // Listed first: a tag that another apply makes from here on is not taken.
  const tags = await listImageTags(context, deploymentId);
  const service = await readService(context, deploymentId);
  const kept = new Set([
    ...(own.isServing ? [own.definition.taskDefinitionArn] : []),
    service?.taskDefinition,
    ...(service?.deployments ?? []).filter(({ runningCount = 0 }) => runningCount > 0).map(({ taskDefinition }) => taskDefinition),
  ]);
  const others = await readAll(
    context,
    (await listDefinitions(context, deploymentId)).filter((arn) => !kept.has(arn)),
  );
  const begun = others.filter(({ registeredAt }) => isUnderWay(context, own, registeredAt));
  const superfluous = others.filter((definition) => !begun.includes(definition));
  // Those that a killed run has deregistered and not deleted.
  const deregistered = (await listDefinitions(context, deploymentId, 'INACTIVE')).filter((arn) => !kept.has(arn));
  // Read before they go, so that a secret too young to be listed goes as well.
  const known = secretsOf([...superfluous, ...(await readAll(context, deregistered))]);
  const keptArns = [...kept].filter((arn) => arn !== undefined);
  const needed = [...(await readAll(context, keptArns)), ...begun];
  // The revisions go last: by them the next run finds the secrets of one that was killed here.
  const spare = (createdAt: Date | undefined): boolean => isUnderWay(context, own, createdAt);
  await removeEnvSecrets(context, deploymentId, { keep: secretsOf(needed), known, spare });
  await removeDefinitions(
    context,
    superfluous.flatMap(({ taskDefinitionArn }) => taskDefinitionArn ?? []),
  );
  await deleteDefinitions(context, deregistered);
  await removeImageTags(context, unneeded(tags, deploymentId, needed));
}

/** Made after our own revision, and not so long ago that nobody can be at it any more: then another apply has begun. */
function isUnderWay({ options }: AwsContext, { definition }: Own, madeAt: Date | undefined): boolean {
  if (madeAt === undefined || definition.registeredAt === undefined) return false;
  const age = options.clock().getTime() - madeAt.getTime();
  return madeAt > definition.registeredAt && age < options.rolloutTimeoutMs + options.settleTimeoutMs;
}

async function readAll(context: AwsContext, arns: readonly string[]): Promise<TaskDefinition[]> {
  const found: TaskDefinition[] = [];
  for (const arn of arns) {
    const definition = await readDefinition(context, arn);
    if (definition !== undefined) found.push(definition);
  }
  return found;
}

function secretsOf(definitions: readonly TaskDefinition[]): string[] {
  return definitions.map(secretArnOf).filter((arn) => arn !== undefined);
}

/** Tags that keep an image which no kept revision runs. The tag that clients push to is theirs to move. */
function unneeded(tags: readonly ImageTag[], deploymentId: string, kept: readonly TaskDefinition[]): string[] {
  const digests = new Set(kept.map(({ containerDefinitions: [container] = [] }) => parseImageName(container?.image ?? '')?.digest));
  return tags.filter(({ tag, digest }) => tag !== deploymentId && !digests.has(digest)).map(({ tag }) => tag);
}
