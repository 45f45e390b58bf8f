// The verb `refresh`: rebuilds what a platform knows of its deployments from AWS alone, for when its database is lost.
import { hasCode } from '@runlayer/errors';
import type { Failure, Outputs, WorkloadSpec, WorkloadStatus } from '@runlayer/provisioner';
import { reaching } from '../calls/aws-error.ts';
import { type AwsContext, createContext } from '../calls/context.ts';
import { type AwsProvisionerOptions, settingsFrom } from '../options.ts';
import { demandPlatform } from '../apply/preflight.ts';
import { remainderOf } from '../apply/remainder.ts';
import { readDefinition } from '../resources/definition.ts';
import { listEnvSecrets, readEnvSecret } from '../resources/env-secret.ts';
import { readExecutionRole } from '../resources/execution-role.ts';
import { readTableDetails } from '../resources/table.ts';
import { readTaskRole } from '../resources/task-role.ts';
import { deployedSpec, readRunning } from '../observation/running.ts';
import { statusOf } from '../observation/status.ts';
import { demandOwned } from '../tags.ts';
import { knownIds } from './known-ids.ts';

/** A deployment that is in AWS, whole or in part. */
export interface FoundDeployment {
  readonly deploymentId: string;
  /**
   * What it was deployed from: its name and release, its image, its plain variables, and its `secrets` with their values, which are
   * secret. Of two releases it is the one that serves. Left out where nothing was registered yet, or another program has registered it.
   */
  readonly spec?: WorkloadSpec | undefined;
  /** Whether the values of its `secrets` are gone: then all of them are empty in `spec`. */
  readonly lacksValues: boolean;
  /** What a look at its tasks shows now; `absent` where it has no service. */
  readonly state: WorkloadStatus['state'];
  /** Why it does not serve. */
  readonly failure?: Failure | undefined;
  readonly outputs: Outputs;
  /** When its service was made. */
  readonly createdAt?: Date | undefined;
  /** Everything there is of it, by kind and name; empty where it belongs to somebody else. */
  readonly parts: readonly string[];
  /** Whether something with its name carries somebody else's tags. Then nothing of it is told. */
  readonly isForeign: boolean;
}

/** How deployments are looked for. */
export interface FindOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every deployment of the environment, by id, found by names and tags alone; also one that is half made. Reads only.
 *
 * @throws `ERR_AWS_OPTIONS`, `ERR_AWS_ACCOUNT`, `ERR_AWS_PLATFORM`, and what the verbs throw when AWS cannot be asked.
 */
export async function* findDeployments(options: AwsProvisionerOptions, { signal }: FindOptions = {}): AsyncGenerator<FoundDeployment> {
  const context = createContext(settingsFrom(options), signal);
  await reaching(() => demandPlatform(context));
  for (const id of await reaching(() => knownIds(context))) {
    const found = await reaching(() => find(context, id));
    if (found !== undefined) yield found;
  }
}

async function find(context: AwsContext, deploymentId: string): Promise<FoundDeployment | undefined> {
  try {
    const parts = await remainderOf(context, deploymentId);
    // What a list still names may be gone: of a table or secret that is deleted, AWS knows for a while.
    if (parts.length === 0) return undefined;
    await demandOurs(context, deploymentId);
    const runs = await whatRuns(context, deploymentId);
    return { deploymentId, parts, isForeign: false, ...runs, lacksValues: await lacksValues(context, runs) };
  } catch (error) {
    if (!hasCode(error, 'ERR_AWS_FOREIGN_OWNER')) throw error;
    return { deploymentId, parts: [], isForeign: true, state: 'unknown', outputs: {}, lacksValues: false };
  }
}

/** Reading the rest finds out by itself whose it is. */
async function demandOurs(context: AwsContext, deploymentId: string): Promise<void> {
  const parts = { role: readTaskRole, 'execution role': readExecutionRole, table: readTableDetails } as const;
  for (const [what, read] of Object.entries(parts)) {
    const found = await read(context, deploymentId);
    if (found !== undefined) demandOwned(`The ${what} of ${deploymentId}`, found.tags, context.tags(deploymentId));
  }
}

type Runs = Pick<FoundDeployment, 'spec' | 'state' | 'failure' | 'outputs' | 'createdAt'>;

/** A secret that is gone reads like empty values; empty ones are in a secret. */
async function lacksValues(context: AwsContext, { spec }: Runs): Promise<boolean> {
  const values = Object.values(spec?.secrets ?? {});
  if (spec === undefined || values.length === 0 || values.some((value) => value !== '')) return false;
  const secrets = await listEnvSecrets(context, spec.deploymentId);
  for (const { arn } of secrets) if ((await readEnvSecret(context, arn)) !== undefined) return false;
  return true;
}

async function whatRuns(context: AwsContext, deploymentId: string): Promise<Runs> {
  const running = await readRunning(context, deploymentId);
  if (running === undefined) {
    // Registered by a deployment that was cut short before its service was made.
    const spec = await deployedSpec(context, await readDefinition(context, context.names(deploymentId).family));
    return { state: 'absent', outputs: {}, ...(spec === undefined ? {} : { spec }) };
  }
  const { state, failure, outputs, releaseId } = await statusOf(context, deploymentId, running);
  const former =
    releaseId === undefined || releaseId === running.spec?.releaseId ? undefined : await specOfRelease(context, running, releaseId);
  return { state, failure, outputs, spec: former ?? running.spec, createdAt: running.service.createdAt };
}

/** The spec of a release whose tasks still serve while another one is rolled out. */
async function specOfRelease(
  context: AwsContext,
  { service }: NonNullable<Awaited<ReturnType<typeof readRunning>>>,
  releaseId: string,
): Promise<WorkloadSpec | undefined> {
  for (const { taskDefinition = '' } of service.deployments ?? []) {
    const spec = await deployedSpec(context, await readDefinition(context, taskDefinition));
    if (spec?.releaseId === releaseId) return spec;
  }
  return undefined;
}
