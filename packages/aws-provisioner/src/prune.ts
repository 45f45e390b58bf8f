// Takes away what no task needs any more: former revisions of the task definition, and the secrets that only they name.
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { AwsContext } from './context.ts';
import { listDefinitions, readDefinition, removeDefinitions } from './resources/definition.ts';
import { removeEnvSecrets } from './resources/env-secret.ts';
import { readService } from './resources/service.ts';
import { secretArnOf } from './task-definition.ts';

/**
 * Keeps what the service runs, and what tasks of a rollout run that has not ended. Call it when no rollout is under way:
 * until then ECS may go back to a former revision, which then needs its own values.
 */
export async function prune(context: AwsContext, deploymentId: string): Promise<void> {
  const service = await readService(context, deploymentId);
  const kept = new Set([
    service?.taskDefinition,
    ...(service?.deployments ?? []).filter(({ runningCount = 0 }) => runningCount > 0).map(({ taskDefinition }) => taskDefinition),
  ]);
  const all = await listDefinitions(context, deploymentId);
  const superfluous = all.filter((arn) => !kept.has(arn));
  // Read before they go, so that a secret too young to be listed goes as well.
  const known = await secretsOf(context, superfluous);
  const keep = await secretsOf(
    context,
    [...kept].filter((arn) => arn !== undefined),
  );
  await removeDefinitions(context, superfluous);
  await removeEnvSecrets(context, deploymentId, { keep, known });
}

async function secretsOf(context: AwsContext, arns: readonly string[]): Promise<string[]> {
  const secrets: string[] = [];
  for (const arn of arns) {
    const definition: TaskDefinition | undefined = await readDefinition(context, arn);
    const secret = definition === undefined ? undefined : secretArnOf(definition);
    if (secret !== undefined) secrets.push(secret);
  }
  return secrets;
}
