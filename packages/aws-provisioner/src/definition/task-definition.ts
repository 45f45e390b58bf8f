// The task definition of a spec: pure, normalised, and hashed, so that it is registered only when it changed.
import { createHash } from 'node:crypto';
import type { KeyValuePair, RegisterTaskDefinitionCommandInput, Secret, TaskDefinition } from '@aws-sdk/client-ecs';
import type { WorkloadSpec } from '@runlayer/provisioner';
import type { Names } from '../names.ts';
import type { Settings } from '../options.ts';
import { label, labelsOf } from './spec-label.ts';
import { lowerTagList, type Tags } from '../tags.ts';

/** What a task definition refers to, by ARN or name. */
export interface Surroundings {
  readonly names: Names;
  readonly tags: Tags;
  readonly taskRoleArn: string;
  readonly executionRoleArn: string;
  /** ARN of the secret that holds the user's variables; left out when there are none. */
  readonly secretArn?: string | undefined;
  /** Name of the table; left out when none is wanted. */
  readonly tableName?: string | undefined;
  readonly options: Pick<Settings, 'region' | 'containerEnvironment' | 'stopSeconds'>;
}

/** First part of the name of every log stream; container name and task id follow. */
export const streamPrefix = 'runlayer';

/** Builds what is registered. Equal specs in equal surroundings give equal hashes, whatever their release and name. */
export function taskDefinitionOf(spec: WorkloadSpec, around: Surroundings): RegisterTaskDefinitionCommandInput {
  const definition = unlabelled(spec, around);
  const [container] = definition.containerDefinitions ?? [];
  const dockerLabels = { ...labelsOf(spec), [label.hash]: hashOf(definition, spec) };
  return { ...definition, containerDefinitions: [{ ...container, dockerLabels }], tags: lowerTagList(around.tags) };
}

function unlabelled(spec: WorkloadSpec, around: Surroundings): RegisterTaskDefinitionCommandInput {
  return {
    family: around.names.family,
    taskRoleArn: around.taskRoleArn,
    executionRoleArn: around.executionRoleArn,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: String(spec.cpu),
    memory: String(spec.memoryMiB),
    runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: spec.platform === 'arm' ? 'ARM64' : 'X86_64' },
    containerDefinitions: [containerOf(spec, around)],
  };
}

function containerOf(
  spec: WorkloadSpec,
  around: Surroundings,
): NonNullable<RegisterTaskDefinitionCommandInput['containerDefinitions']>[number] {
  const { names, options } = around;
  const environment = environmentOf(spec, around);
  return {
    name: names.container,
    image: spec.image,
    essential: true,
    portMappings: [{ containerPort: spec.port, protocol: 'tcp' }],
    environment,
    secrets: secretsOf(spec, around.secretArn, new Set(environment.map(({ name = '' }) => name))),
    stopTimeout: options.stopSeconds,
    linuxParameters: { initProcessEnabled: true },
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': names.logGroup, 'awslogs-region': options.region, 'awslogs-stream-prefix': streamPrefix },
    },
  };
}

/** The platform's own variables. None of them is secret: everybody who may read task definitions sees them. */
function environmentOf(spec: WorkloadSpec, { options, taskRoleArn, tableName }: Surroundings): KeyValuePair[] {
  const roles = Object.entries(spec.assumeRoles).map(([name, arn]) => [`RUNLAYER_AWS_ROLE_${name.toUpperCase()}`, arn]);
  const table =
    tableName === undefined
      ? []
      : [
          ['DB_TABLE_NAME', tableName],
          ['DB_TABLE_REGION', options.region],
        ];
  const extra = Object.entries(options.containerEnvironment).filter(([name]) => !(name in spec.secrets));
  const all: Record<string, string> = {
    ...Object.fromEntries(extra),
    ...spec.env,
    RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN: taskRoleArn,
    ...Object.fromEntries([...roles, ...table] as [string, string][]),
  };
  return sorted(Object.entries(all).map(([name, value]) => ({ name, value })));
}

/** ECS reads each key out of the one JSON secret. A name that the platform sets itself is left out: ECS refuses doubles. */
function secretsOf(spec: WorkloadSpec, secretArn: string | undefined, taken: ReadonlySet<string>): Secret[] {
  if (secretArn === undefined) return [];
  const names = Object.keys(spec.secrets).filter((name) => !taken.has(name));
  return sorted(names.map((name) => ({ name, valueFrom: `${secretArn}:${name}::` })));
}

function sorted<Entry extends { name?: string | undefined }>(entries: Entry[]): Entry[] {
  return entries.sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}

/** Hash of everything that makes a difference to a running task. */
function hashOf(definition: RegisterTaskDefinitionCommandInput, spec: WorkloadSpec): string {
  const { releaseId: _release, name: _name, ...rest } = spec;
  // Values of secrets stay out: the ARN of the secret stands for them, and a hash of short values could be guessed.
  const told = sortedKeys({ ...rest, secrets: Object.keys(spec.secrets).sort() });
  return createHash('sha256')
    .update(JSON.stringify([definition, told]))
    .digest('hex')
    .slice(0, 32);
}

function sortedKeys(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortedKeys(inner)]));
}

/** ARN of the secret that a registered task definition reads, or nothing when it reads none. */
export function secretArnOf(definition: TaskDefinition): string | undefined {
  const from = definition.containerDefinitions?.[0]?.secrets?.[0]?.valueFrom;
  return from === undefined ? undefined : from.split(':').slice(0, 7).join(':');
}

/** Label of the container of a registered task definition. */
export function labelOf(definition: Pick<TaskDefinition, 'containerDefinitions'>, name: keyof typeof label): string | undefined {
  return definition.containerDefinitions?.[0]?.dockerLabels?.[label[name]];
}

/** Port that the container of a registered task definition serves on. */
export function portOf(definition: TaskDefinition): number {
  return definition.containerDefinitions?.[0]?.portMappings?.[0]?.containerPort ?? 0;
}
