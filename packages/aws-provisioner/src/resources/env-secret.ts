// The user's variables: one secret for each set of values, so that tasks of a former revision start with the values they had.
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  GetSecretValueCommand,
  paginateListSecrets,
  PutSecretValueCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Failure } from '@runlayer/provisioner';
import { redactionOf } from '@runlayer/provisioner/driver';
import { codeOf, exists, settled, unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { awsError } from '../error-codes.ts';
import { demandOwned, isOwned, tagKey, tagList, tagsFrom } from '../tags.ts';

/** A secret that holds variables as one JSON object; a task definition names a value as `<arn>:<VARIABLE>::`. */
export interface EnvSecret {
  readonly arn: string;
  readonly name: string;
  readonly createdAt?: Date | undefined;
}

type Values = Readonly<Record<string, string>>;

/** The variables of one release. */
export interface WantedEnvSecret {
  readonly deploymentId: string;
  readonly releaseId: string;
  /** Values by name; when there are none, no secret is needed. */
  readonly values: Values;
  /** ARNs of secrets that may hold these values already, such as that of the running revision. */
  readonly candidates?: readonly string[] | undefined;
}

/** What a secret can hold, bytes. @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const mostBytes = 65_536;

/** Sets of values that one release may come with: repeated calls of a program that keeps its release id. */
const mostSets = 100;

/** Why these values cannot be kept, or nothing. */
export function envSecretFailure(values: Values): Failure | undefined {
  const size = Buffer.byteLength(textOf(values));
  if (size <= mostBytes) return undefined;
  return {
    code: 'unsupported',
    message: `The variables in env take ${size} bytes, and AWS Secrets Manager holds at most ${mostBytes}.`,
    fix: 'Put large values into the image or into storage that the service reads, and keep only their place in env.',
    evidence: {},
  };
}

/** The values a secret holds; nothing when it is gone or about to be. */
export async function readEnvSecret(ctx: AwsContext, secret: string): Promise<Values | undefined> {
  const get = new GetSecretValueCommand({ SecretId: secret });
  try {
    const found = await unlessGone(ctx.clients.secrets.send(get, { abortSignal: ctx.signal }));
    return found && valuesOf(found.SecretString);
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

/**
 * So answers a secret that is scheduled for deletion.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
function isUnreadable(error: unknown): boolean {
  return codeOf(error) === 'InvalidRequestException';
}

/** What was written by hand may be anything; what cannot be read is not what is wanted. */
function valuesOf(text: string | undefined): Values | undefined {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Values) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(values: Values): string {
  return JSON.stringify(Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function isSame(found: Values | undefined, wanted: Values): boolean {
  return found !== undefined && textOf(found) === textOf(wanted);
}

/** The candidate that holds exactly these values; changes nothing. */
export async function findEnvSecret(ctx: AwsContext, { values, candidates = [] }: WantedEnvSecret): Promise<string | undefined> {
  for (const candidate of candidates) if (isSame(await readEnvSecret(ctx, candidate), values)) return candidate;
  return undefined;
}

/**
 * Gives the ARN of a secret that holds exactly these values: a candidate, one that an interrupted run of this release made, or a new one.
 * A secret that holds other values is never written over. Its name comes from the release, never from the values:
 * names are listed to many, and a hash of a short value can be guessed by trying.
 *
 * @returns Nothing when there are no values.
 * @throws `ERR_AWS_FOREIGN_OWNER` When a secret with the name is not this deployment's.
 */
export async function ensureEnvSecret(ctx: AwsContext, wanted: WantedEnvSecret): Promise<string | undefined> {
  if (Object.keys(wanted.values).length === 0) return undefined;
  const known = await findEnvSecret(ctx, wanted);
  if (known !== undefined) return known;
  for (let set = 1; set <= mostSets; set += 1) {
    const arn = await unquoted(wanted.values, () => settled(ctx, () => takeName(ctx, nameOf(ctx, wanted, set), wanted), isTaken));
    if (arn !== undefined) return arn;
  }
  throw awsError('ERR_AWS_UNSETTLED', `The release ${wanted.releaseId} has had more than ${mostSets} sets of variables.`);
}

/** Runs calls that carry the values: AWS, or a proxy on the way there, may quote what was sent in its refusal. */
async function unquoted<Result>(values: Values, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // A request holds them as JSON within JSON.
    const inner = Object.entries(values).map(([name, value]) => [`${name} as JSON`, JSON.stringify(value).slice(1, -1)]);
    const redact = redactionOf({ ...values, ...Object.fromEntries(inner) });
    error.message = redact(error.message);
    if (error.stack !== undefined) error.stack = redact(error.stack);
    throw error;
  }
}

// After a dot, as a name that ends in "-" and six characters reads like the end of an ARN.
function nameOf(ctx: AwsContext, { deploymentId, releaseId }: WantedEnvSecret, set: number): string {
  return `${ctx.names(deploymentId).secretPrefix}${releaseId}${set === 1 ? '' : `.${set}`}`;
}

/** A name is taken by a call whose answer was lost, or by a removal that is still under way: the next look tells. */
function isTaken(error: unknown): boolean {
  return exists(error) || codeOf(error) === 'ResourceNotFoundException';
}

/** The ARN of the secret with this name, when it holds the values or can be made to; nothing when it holds others. */
async function takeName(ctx: AwsContext, name: string, wanted: WantedEnvSecret): Promise<string | undefined> {
  const describe = new DescribeSecretCommand({ SecretId: name });
  const found = await unlessGone(ctx.clients.secrets.send(describe, { abortSignal: ctx.signal }));
  if (found === undefined) return createSecret(ctx, name, wanted);
  demandOwned(`The secret ${name}`, tagsFrom(found.Tags), ctx.tags(wanted.deploymentId));
  return adoptSecret(ctx, found, wanted.values);
}

async function createSecret(
  ctx: AwsContext,
  name: string,
  { deploymentId, releaseId, values }: WantedEnvSecret,
): Promise<string | undefined> {
  const create = new CreateSecretCommand({
    Name: name,
    Description: `Runlayer deployment ${deploymentId}: variables of its container.`,
    SecretString: textOf(values),
    Tags: tagList(ctx.tags(deploymentId, { [tagKey.release]: releaseId })),
  });
  const { ARN: arn } = await ctx.clients.secrets.send(create, { abortSignal: ctx.signal });
  return arn;
}

/** One that was about to be deleted, or has no value, serves nobody: it is taken up again, and filled. */
async function adoptSecret(ctx: AwsContext, found: DescribeSecretCommandOutput, values: Values): Promise<string | undefined> {
  const secret = { SecretId: found.ARN ?? '' };
  const abort = { abortSignal: ctx.signal };
  if (found.DeletedDate !== undefined) await ctx.clients.secrets.send(new RestoreSecretCommand(secret), abort);
  const held = await readEnvSecret(ctx, secret.SecretId);
  if (isSame(held, values)) return found.ARN;
  if (held !== undefined && found.DeletedDate === undefined) return undefined;
  await ctx.clients.secrets.send(new PutSecretValueCommand({ ...secret, SecretString: textOf(values) }), abort);
  return found.ARN;
}

/**
 * Secrets of a deployment, also those scheduled for deletion. The list of AWS may lack those of the last five minutes.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html
 */
export async function listEnvSecrets(ctx: AwsContext, deploymentId: string): Promise<EnvSecret[]> {
  const { secretPrefix } = ctx.names(deploymentId);
  const found: EnvSecret[] = [];
  const pages = paginateListSecrets(
    { client: ctx.clients.secrets, pageSize: 100 },
    { Filters: [{ Key: 'name', Values: [secretPrefix] }], IncludePlannedDeletion: true },
    { abortSignal: ctx.signal },
  );
  for await (const { SecretList: page = [] } of pages) {
    for (const { ARN: arn = '', Name: name = '', Tags: tags, CreatedDate: createdAt } of page) {
      if (name.startsWith(secretPrefix) && isOwned(tagsFrom(tags), ctx.tags(deploymentId))) found.push({ arn, name, createdAt });
    }
  }
  return found;
}

/** Secrets of a deployment that are there: the list of AWS names one that was deleted for a few minutes more. */
export async function remainingEnvSecrets(ctx: AwsContext, deploymentId: string): Promise<EnvSecret[]> {
  const there: EnvSecret[] = [];
  for (const secret of await listEnvSecrets(ctx, deploymentId)) {
    const describe = new DescribeSecretCommand({ SecretId: secret.arn });
    const found = await unlessGone(ctx.clients.secrets.send(describe, { abortSignal: ctx.signal }));
    if (found !== undefined) there.push(secret);
  }
  return there;
}

/** Which secrets to remove. */
export interface SecretRemoval {
  /** ARNs to keep: those that a kept revision names. Default: none. */
  readonly keep?: readonly string[] | undefined;
  /** ARNs that revisions name, so that one too young to be listed goes as well. Default: none. */
  readonly known?: readonly string[] | undefined;
  /** Whether to leave one that was made at this time, as another apply is at it. Default: never. */
  readonly spare?: ((createdAt: Date | undefined) => boolean) | undefined;
}

/** Removes a deployment's secrets at once and for good; gives the ARNs that it removed. Gone already is fine. */
export async function removeEnvSecrets(
  ctx: AwsContext,
  deploymentId: string,
  { keep = [], known = [], spare = () => false }: SecretRemoval = {},
): Promise<string[]> {
  const own = `:secret:${ctx.names(deploymentId).secretPrefix}`;
  const listed = (await listEnvSecrets(ctx, deploymentId)).filter(({ createdAt }) => !spare(createdAt)).map(({ arn }) => arn);
  const doomed = [...new Set([...listed, ...known.filter((arn) => arn.includes(own))])].filter((arn) => !keep.includes(arn));
  for (const arn of doomed) {
    const remove = new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true });
    await settled(ctx, () => unlessGone(ctx.clients.secrets.send(remove, { abortSignal: ctx.signal })));
  }
  return doomed;
}
