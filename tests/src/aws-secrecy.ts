// Every place on AWS and on this machine where a value of `env` must not be found, as text.
import { CloudWatchLogsClient, DescribeLogGroupsCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { docker } from './deployments.ts';
import type { AwsConfig } from './aws-stage.ts';

const cluster = 'runlayer-default';

/** By the name of the place, all that stands there. Containers have the value in their environment, and there only. */
export async function placesOnAws(config: AwsConfig): Promise<Record<string, string>> {
  const [definitions, tasks, roles, logs, containers] = await Promise.all([
    taskDefinitions(config),
    runningTasks(config),
    rolePolicies(config),
    logEvents(config),
    commandsAndLabels(),
  ]);
  return {
    'a task definition': definitions,
    'a task': tasks,
    'a role': roles,
    'the log of a container': logs,
    'a container beside its environment': containers,
  };
}

async function taskDefinitions(config: AwsConfig): Promise<string> {
  const ecs = new ECSClient(config);
  const lists = await Promise.all((['ACTIVE', 'INACTIVE'] as const).map((status) => ecs.send(new ListTaskDefinitionsCommand({ status }))));
  const arns = lists.flatMap(({ taskDefinitionArns = [] }) => taskDefinitionArns);
  return text(
    await Promise.all(arns.map((taskDefinition) => ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] })))),
  );
}

async function runningTasks(config: AwsConfig): Promise<string> {
  const ecs = new ECSClient(config);
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }));
  return taskArns.length === 0 ? '' : text(await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns, include: ['TAGS'] })));
}

async function rolePolicies(config: AwsConfig): Promise<string> {
  const iam = new IAMClient(config);
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const policies = Roles.map(async ({ RoleName }) => {
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    return Promise.all(PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))));
  });
  return text([Roles, await Promise.all(policies)]);
}

async function logEvents(config: AwsConfig): Promise<string> {
  const logs = new CloudWatchLogsClient(config);
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  const events = await Promise.all(logGroups.map(({ logGroupName }) => logs.send(new FilterLogEventsCommand({ logGroupName }))));
  return text([logGroups, events]);
}

async function commandsAndLabels(): Promise<string> {
  const found = await Promise.all(
    (await docker.listContainers({ all: true })).map(({ Id }) =>
      docker
        .getContainer(Id)
        .inspect()
        .catch(() => undefined),
    ),
  );
  return text(found.map((one) => ({ ...one, Config: { ...one?.Config, Env: undefined } })));
}

const text = (value: unknown): string => JSON.stringify(value);
