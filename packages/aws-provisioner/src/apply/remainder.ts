// Lists what exists of a deployment, asked of AWS by name and tag: the proof at the end of a destroy.
import type { AwsContext } from '../calls/context.ts';
import { listDefinitions } from '../resources/definition.ts';
import { remainingEnvSecrets } from '../resources/env-secret.ts';
import { readExecutionRole } from '../resources/execution-role.ts';
import { readLogGroup } from '../resources/log-group.ts';
import { listImageTags } from '../resources/image-tags.ts';
import { readScaling } from '../resources/scaling.ts';
import { readSecurityGroup } from '../resources/security-group.ts';
import { readService } from '../resources/service.ts';
import { readTable } from '../resources/table.ts';
import { readTaskRole } from '../resources/task-role.ts';
import { readTasks, taskIdOf } from '../observation/tasks.ts';

/** Names of everything there is of a deployment, each with its kind. What is kept on purpose is not named. */
export async function remainderOf(context: AwsContext, deploymentId: string): Promise<string[]> {
  const names = context.names(deploymentId);
  const named = async (read: Promise<unknown>, name: string): Promise<string[]> => ((await read) === undefined ? [] : [name]);
  const { scaling, keepLogs } = context.options;
  const lists = await Promise.all([
    scaling ? named(readScaling(context, deploymentId), `scalable target ${names.service}`) : [],
    named(readService(context, deploymentId), `service ${names.service}`),
    readTasks(context, deploymentId).then((tasks) => tasks.map((task) => `task ${taskIdOf(task)}`)),
    listDefinitions(context, deploymentId).then((arns) => arns.map((arn) => `task definition ${arn.split('/').at(-1)}`)),
    named(readSecurityGroup(context, deploymentId), `security group ${names.securityGroup}`),
    remainingEnvSecrets(context, deploymentId).then((secrets) => secrets.map(({ name }) => `secret ${name}`)),
    named(readTable(context, deploymentId), `table ${names.table}`),
    named(readExecutionRole(context, deploymentId), `role ${names.executionRole}`),
    named(readTaskRole(context, deploymentId), `role ${names.taskRole}`),
    listImageTags(context, deploymentId).then((tags) => tags.map(({ tag }) => `image tag ${tag}`)),
    keepLogs ? [] : named(readLogGroup(context, deploymentId), `log group ${names.logGroup}`),
  ]);
  return lists.flat();
}

/** Whether a name of a remainder is that of a tag. */
export function isImageTag(name: string): boolean {
  return name.startsWith('image tag ');
}
