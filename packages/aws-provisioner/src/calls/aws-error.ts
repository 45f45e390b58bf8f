// What the refusals of AWS mean: gone, not there yet, in use, throttled, denied, or final.
import type { Failure } from '@runlayer/provisioner';
import { isRunlayerError } from '@runlayer/errors';
import { pause } from '@runlayer/provisioner/driver';
import type { AwsContext } from './context.ts';
import { awsError } from '../error-codes.ts';

/** Ends a start with a failure; caught where `apply` reports its last event. */
export class StartFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Code of a refusal, such as `NoSuchEntityException`. */
export function codeOf(error: unknown): string {
  const name = (error as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? name : '';
}

/** What AWS says, in its own words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** HTTP status of the answer that refused, when there was one. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { $metadata?: { httpStatusCode?: unknown } } | null)?.$metadata?.httpStatusCode;
  return typeof status === 'number' ? status : undefined;
}

const goneCodes =
  /^(NoSuchEntity(Exception)?|ResourceNotFoundException|ServiceNotFoundException|ServiceNotActiveException|ClusterNotFoundException|TableNotFoundException|RepositoryNotFoundException|ImageNotFoundException|InvalidGroup\.NotFound|InvalidSecurityGroupID\.NotFound|InvalidGroupId\.Malformed|ObjectNotFoundException|TargetNotFoundException|NotFound)$/;

/** Whether something is not there, or not there any more. */
export function isNotFound(error: unknown): boolean {
  return goneCodes.test(codeOf(error));
}

const existsCodes =
  /^(EntityAlreadyExists(Exception)?|ResourceAlreadyExistsException|ResourceExistsException|ResourceInUseException|RepositoryAlreadyExistsException|InvalidGroup\.Duplicate|InvalidPermission\.Duplicate)$/;

/** Whether something with this name is there already: made by somebody else, or by a call of ours whose answer was lost. */
export function exists(error: unknown): boolean {
  return existsCodes.test(codeOf(error));
}

/** Gives `undefined` where the thing asked for is not there. */
export async function unlessGone<Result>(call: Promise<Result>): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * How long what was just made may be unknown elsewhere in AWS, milliseconds. What is refused for longer is refused for good,
 * though in the same words: a role that may not be assumed, a service that is gone.
 */
export const spreadingMs = 120_000;

interface Lag {
  readonly code: RegExp;
  readonly message?: RegExp;
  /** Bound of its own, milliseconds. Default: `settleTimeoutMs`. */
  readonly atMostMs?: number;
}

/** Refusals that end by themselves: AWS has not spread yet what was just written, or has not let go of what is in use. */
const lags: readonly Lag[] = [
  { code: /^(ConcurrentModification|EntityTemporarilyUnmodifiable)(Exception)?$/ },
  {
    code: /^(DeleteConflict(Exception)?|DependencyViolation|OperationAborted(Exception)?|UpdateInProgressException|ConcurrentUpdateException)$/,
  },
  {
    code: /^(ClientException|InvalidParameterException|AccessDeniedException)$/,
    message: /unable to assume|role .*(is not valid|invalid)|not authorized to perform.*sts:AssumeRole/i,
    atMostMs: spreadingMs,
  },
  { code: /^ClientException$/, message: /too many concurrent/i },
  { code: /^InvalidParameterException$/, message: /service.linked role/i },
  { code: /^InvalidRequestException$/, message: /scheduled for deletion|marked for deletion/i },
  { code: /^InvalidParameterException$/, message: /Draining|idempotent/i },
  // What EC2 has told ECS: it is asked too often, or does not know everywhere yet the group that was made just now.
  { code: /^InvalidParameterException$/, message: /RequestLimitExceeded/ },
  { code: /^InvalidParameterException$/, message: /InvalidGroup\.NotFound/, atMostMs: spreadingMs },
  { code: /^ResourceInUseException$/, message: /being (created|updated|deleted)/i },
  { code: /^LimitExceededException$/, message: /simultaneous|concurrent|in the (CREATING|UPDATING|DELETING)/i },
];

function lagOf(error: unknown): Lag | undefined {
  const code = codeOf(error);
  return lags.find((lag) => lag.code.test(code) && (lag.message === undefined || lag.message.test(reasonOf(error))));
}

/**
 * Repeats a call while AWS lags behind, further and further apart, for at most `settleTimeoutMs`; then gives the refusal itself.
 *
 * @param also Further refusals that end by themselves at this call, such as {@link isNotFound} right after a creation.
 * @param alsoAtMostMs How long those may last, milliseconds. Default: `settleTimeoutMs`.
 */
export async function settled<Result>(
  { options, signal }: AwsContext,
  call: () => Promise<Result>,
  also: (error: unknown) => boolean = () => false,
  alsoAtMostMs: number = options.settleTimeoutMs,
): Promise<Result> {
  const begun = performance.now();
  for (let wait = Math.min(100, options.pollMs); ; wait = Math.min(wait * 2, options.pollMs * 4)) {
    try {
      return await call();
    } catch (error) {
      const lag = lagOf(error) ?? (also(error) ? { atMostMs: alsoAtMostMs } : undefined);
      const bound = Math.min(lag?.atMostMs ?? Infinity, options.settleTimeoutMs);
      if (lag === undefined || performance.now() - begun >= bound) throw error;
    }
    await pause(wait, signal);
  }
}

/**
 * Waits for what a look gives, further and further apart.
 *
 * @param what What is awaited, for the error: `The table … is ACTIVE`.
 * @throws `ERR_AWS_UNSETTLED` After `settleTimeoutMs`.
 */
export async function awaited<Result>(
  { options, signal }: AwsContext,
  what: string,
  look: () => Promise<Result | undefined>,
): Promise<Result> {
  const deadline = performance.now() + options.settleTimeoutMs;
  for (let wait = Math.min(100, options.pollMs); ; wait = Math.min(wait * 2, options.pollMs * 4)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() >= deadline) {
      throw awsError('ERR_AWS_UNSETTLED', `Not within ${Math.round(options.settleTimeoutMs / 1000)} seconds: ${what}.`);
    }
    await pause(wait, signal);
  }
}

const credentialCodes =
  /^(CredentialsProviderError|ExpiredToken(Exception)?|InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|AuthFailure)$/;
const deniedCodes = /^(AccessDenied(Exception)?|UnauthorizedOperation|NotAuthorized)$/;

/** Runs calls to AWS; what they throw comes out coded, an abort and a {@link StartFailed} as they are. */
export async function reaching<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw coded(error);
  }
}

function coded(error: unknown): unknown {
  if (isRunlayerError(error) || error instanceof StartFailed || codeOf(error) === 'AbortError') return error;
  const [code, said] = [codeOf(error), reasonOf(error)];
  if (credentialCodes.test(code)) return awsError('ERR_AWS_CREDENTIALS', `AWS takes no credentials of ours (${code}).`, { cause: error });
  if (deniedCodes.test(code)) return awsError('ERR_AWS_DENIED', `AWS denies a call: ${said}`, { cause: error });
  if (statusOf(error) !== undefined && (error as { $fault?: unknown }).$fault !== undefined) {
    return awsError('ERR_AWS_CALL', `AWS refused a call (${code}): ${said}`, { cause: error });
  }
  return isConnection(error) ? awsError('ERR_AWS_UNREACHABLE', `AWS does not answer (${said}).`, { cause: error }) : error;
}

function isConnection(error: unknown): boolean {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string'
    ? /^E[A-Z_]+$/.test(code)
    : name === 'TimeoutError' || (error as { $metadata?: unknown } | null)?.$metadata !== undefined;
}
