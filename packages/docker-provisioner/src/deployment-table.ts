// The table of a deployment: made before its container starts, told to it in variables, removed with it.
import type { Failure, Outputs, WorkloadSpec } from '@runlayer/provisioner';
import { type DockerApply, step } from './apply-job.ts';
import { StartFailed } from './engine-error.ts';
import type { Settings } from './options.ts';
import type { Tables } from './tables.ts';

/** Variables by which every AWS SDK finds credentials before it looks anywhere else. */
const credentialVariables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** Whether the user's own variables hold credentials: a pair is never mixed from theirs and ours. */
function bringsCredentials({ env, secrets }: WorkloadSpec): boolean {
  return credentialVariables.some((name) => name in env || name in secrets);
}

/**
 * The spec with the variables of the table, where one is wanted. DB_TABLE_NAME and DB_TABLE_REGION are the platform's;
 * those of the SDK are defaults that the user's own variables of these names replace, credentials all together.
 */
export async function withTable(tables: Tables | undefined, spec: WorkloadSpec): Promise<WorkloadSpec> {
  if (tables === undefined || !spec.database) return spec;
  const { tableName, region, endpoint, accessKeyId, secretAccessKey } = await tables.access(spec.deploymentId);
  // Both names of the region, as AWS sets them in a container: some SDKs read the one, some the other.
  const defaults = { AWS_REGION: region, AWS_DEFAULT_REGION: region, AWS_ENDPOINT_URL_DYNAMODB: endpoint };
  const free = Object.entries(defaults).filter(([name]) => !(name in spec.secrets) && !(name in spec.env));
  const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  return {
    ...spec,
    env: { ...spec.env, ...Object.fromEntries(free), DB_TABLE_NAME: tableName, DB_TABLE_REGION: region },
    secrets: bringsCredentials(spec) ? spec.secrets : { ...spec.secrets, ...keys },
  };
}

/**
 * Makes the table that the spec wants, and gives the spec with its variables. Not to be left half-way: a table made after a destroy would stay.
 *
 * @throws {StartFailed} Where it cannot be made.
 */
export async function ensureTable(job: DockerApply, asked: WorkloadSpec): Promise<WorkloadSpec> {
  const { tables } = job.settings;
  if (tables === undefined || !asked.database) return asked;
  try {
    const spec = await withTable(tables, asked);
    step(job, 'table', `Making sure of the table ${spec.env['DB_TABLE_NAME']}.`);
    if (bringsCredentials(asked))
      step(job, 'table', 'The configuration sets AWS credentials of its own, so the container gets none for the table.');
    await tables.ensureTable(spec.deploymentId);
    return spec;
  } catch (error) {
    throw new StartFailed(tableFailure(error));
  }
}

function tableFailure(error: unknown): Failure {
  const { message, hint } = error as { message?: string; hint?: string };
  return {
    code: 'engine_error',
    message: `The table could not be made: ${message ?? 'no reason was given.'}`,
    fix: hint ?? 'Look at the log of the platform, then deploy again.',
    evidence: {},
  };
}

/** Whether the table that the spec wants is missing. */
export async function lacksTable({ tables }: Settings, spec: WorkloadSpec): Promise<boolean> {
  return tables !== undefined && spec.database && !(await tables.hasTable(spec.deploymentId));
}

/** Name of the table where the deployment has one, for listings. */
export async function tableOf({ tables }: Settings, deploymentId: string): Promise<string[]> {
  return tables !== undefined && (await tables.hasTable(deploymentId)) ? [(await tables.access(deploymentId)).tableName] : [];
}

/** What callers are told of a running spec. */
export function outputsOf({ database, env }: WorkloadSpec): Outputs {
  const tableName = env['DB_TABLE_NAME'];
  return database && tableName !== undefined ? { tableName } : {};
}
