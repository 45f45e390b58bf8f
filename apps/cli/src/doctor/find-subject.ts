// Which deployment and which of its roles are meant: what the command line says, else what the container knows, else what the platform knows.
import type { RunlayerClient } from '@runlayer/api/client';
import type { CommandContext } from '../context.ts';
import { cliError } from '../error-codes.ts';
import { deploymentIdFor } from '../project/deployment-id.ts';
import { declaredRoles, type NamedRole } from './declared-roles.ts';

/** What is diagnosed. */
export interface Subject {
  readonly deploymentId: string;
  readonly taskRoleArn: string;
  readonly roles: readonly NamedRole[];
  /** `deployment` inside its container, where the calls have to be made as its task role. */
  readonly from: 'deployment' | undefined;
}

/** What the command line says. */
export interface GivenSubject {
  readonly deploymentId: string | undefined;
  readonly roles: readonly string[];
  readonly roleArns: readonly string[];
  readonly taskRoleArn: string | undefined;
  readonly file: string;
  /** Only called where the platform has to be asked. */
  readonly connect: () => Promise<RunlayerClient>;
}

type Environment = CommandContext['env'];

/** Finds it. @throws ERR_CLI_USAGE, ERR_CLI_NO_TASK_ROLE, and what finding the id and asking the platform throw */
export async function findSubject(given: GivenSubject, context: CommandContext): Promise<Subject> {
  const found = (await byOptions(given, context)) ?? ofContainer(given, context.env) ?? (await ofPlatform(given, context));
  const all = given.roleArns.length === 0 ? found.roles : given.roleArns.map((arn) => ({ name: arn, arn }));
  return { ...found, roles: chosen(all, given.roles) };
}

async function byOptions(given: GivenSubject, context: CommandContext): Promise<Subject | undefined> {
  if (given.taskRoleArn === undefined) return undefined;
  const deploymentId = await deploymentIdFor({ given: given.deploymentId ?? idOfContainer(context.env), file: given.file }, context);
  return { deploymentId, taskRoleArn: given.taskRoleArn, roles: rolesOfContainer(context.env), from: undefined };
}

function ofContainer({ deploymentId }: GivenSubject, env: Environment): Subject | undefined {
  const id = idOfContainer(env);
  if (id === undefined || (deploymentId !== undefined && deploymentId !== id)) return undefined;
  const taskRoleArn = env['RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN'] ?? '';
  if (taskRoleArn === '') throw noTaskRole(`The container of the deployment ${id} has no RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN.`);
  return { deploymentId: id, taskRoleArn, roles: rolesOfContainer(env), from: 'deployment' };
}

async function ofPlatform({ deploymentId, file, connect }: GivenSubject, context: CommandContext): Promise<Subject> {
  const id = await deploymentIdFor({ given: deploymentId, file }, context);
  const record = await (await connect()).deployments.get(id);
  const taskRoleArn = record.task_role_arn ?? undefined;
  if (taskRoleArn === undefined) throw noTaskRole(`The deployment ${record.name} (${id}) has no task role.`);
  return { deploymentId: id, taskRoleArn, roles: declaredRoles(record), from: undefined };
}

function idOfContainer(env: Environment): string | undefined {
  const id = env['RUNLAYER_DEPLOYMENT_ID'];
  return id === '' ? undefined : id;
}

const prefix = 'RUNLAYER_AWS_ROLE_';

function rolesOfContainer(env: Environment): NamedRole[] {
  const names = Object.keys(env).filter((name) => name.startsWith(prefix) && name.length > prefix.length);
  return names.sort().map((name) => ({ name: name.slice(prefix.length).toLowerCase(), arn: env[name] ?? '' }));
}

/** Names in the container are in capitals, so their case says nothing. */
function chosen(roles: readonly NamedRole[], wanted: readonly string[]): readonly NamedRole[] {
  if (wanted.length === 0) return roles;
  return wanted.map((name) => {
    const role = roles.find((declared) => declared.name.toLowerCase() === name.toLowerCase());
    if (role !== undefined) return role;
    const known = roles.length === 0 ? 'It declares none.' : `Its roles: ${roles.map(({ name }) => name).join(', ')}.`;
    throw cliError('ERR_CLI_USAGE', `The deployment declares no role ${JSON.stringify(name)}.`, { hint: known });
  });
}

function noTaskRole(message: string): Error {
  return cliError('ERR_CLI_NO_TASK_ROLE', message);
}
