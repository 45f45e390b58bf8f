// What the engine's refusals mean: unreachable, not found, or a cause that a person can mend.
import type { Failure } from '@runlayer/provisioner';
import type { Redaction } from '@runlayer/provisioner/driver';
import type Docker from 'dockerode';
import { dockerError } from './error-codes.ts';

/** Ends a start with a failure; caught where `apply` reports its last event. */
export class StartFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** HTTP status with which the engine answered a call, when it answered. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** The engine's own words. */
export function reasonOf(error: unknown): string {
  const said = (error as { json?: { message?: unknown } } | null)?.json?.message;
  if (typeof said === 'string') return said;
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^\(HTTP code \d+\) [^-]*- /, '');
}

/** Gives `undefined` where the engine answers with one of these statuses, such as 404 for what is gone already. */
export async function unless<Result>(statuses: readonly number[], call: Promise<Result>): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    if (statuses.includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
}

const connectionCodes = [
  'ECONNREFUSED',
  'ENOENT',
  'EACCES',
  'EPERM',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'EPIPE',
];

/** Whether a call failed because no engine answered it. */
export function isUnreachable(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return statusOf(error) === undefined && typeof code === 'string' && connectionCodes.includes(code);
}

/** Runs calls to the engine; what they throw comes out coded: `ERR_DOCKER_UNREACHABLE` or `ERR_DOCKER_ENGINE`. */
export async function reaching<Result>(docker: Docker, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isUnreachable(error)) throw await unreachable(docker, error);
    if (statusOf(error) !== undefined)
      throw dockerError('ERR_DOCKER_ENGINE', `The Docker engine refused a call: ${reasonOf(error)}`, { cause: error });
    throw error;
  }
}

async function unreachable(docker: Docker, error: unknown): Promise<Error> {
  const code = (error as { code: string }).code;
  const where = await addressOf(docker);
  const denied = code === 'EACCES' || code === 'EPERM';
  return dockerError('ERR_DOCKER_UNREACHABLE', `No Docker engine answers at ${where} (${code}).`, {
    cause: error,
    ...(denied
      ? { hint: `You may not use ${where}. Add your user to the group "docker", or set DOCKER_HOST to an engine you may use.` }
      : {}),
  });
}

/** The address of the engine as dockerode was told it. */
async function addressOf(docker: Docker): Promise<string> {
  const modem = docker.modem as {
    socketPath?: unknown;
    getSocketPath?: () => Promise<unknown>;
    protocol?: string;
    host?: string;
    port?: string | number;
  };
  if (modem.socketPath !== undefined) {
    const path = await modem.getSocketPath?.().catch(() => undefined);
    return typeof path === 'string' ? path : 'the default socket';
  }
  return `${modem.protocol ?? 'http'}://${modem.host ?? 'localhost'}:${modem.port ?? 2375}`;
}

interface Cause {
  readonly pattern: RegExp;
  readonly code: Failure['code'];
  readonly message: string;
  readonly fix: string;
}

/** Refusals to create or start a container that have a cause of their own. */
const causes: readonly Cause[] = [
  {
    pattern: /exec format error/i,
    code: 'wrong_architecture',
    message: 'The command of the image is built for another architecture than the engine runs.',
    fix: 'Build the image for the architecture of this machine (build.platform).',
  },
  {
    pattern: /no command specified/i,
    code: 'exited_at_start',
    message: 'The image has neither CMD nor ENTRYPOINT, so there is nothing to run.',
    fix: 'Add a CMD to the Dockerfile that starts the server.',
  },
  {
    pattern: /executable file not found|no such file or directory: unknown|permission denied: unknown/i,
    code: 'exited_at_start',
    message: 'The command of the image cannot be started.',
    fix: 'Check that CMD or ENTRYPOINT names a file of the image that may be executed, and that its interpreter is there.',
  },
  {
    pattern: /no space left on device/i,
    code: 'no_capacity',
    message: 'The disk of the Docker engine is full.',
    fix: 'Free space on it, for example with `docker system prune`, then deploy again.',
  },
  {
    pattern: /non-overlapping IPv4|address pools? have been fully subnetted/i,
    code: 'no_capacity',
    message: 'The Docker engine has no range of addresses left for a network.',
    fix: 'Remove networks that are not used (`docker network prune`), then deploy again.',
  },
];

/** The failure that a refused create or start stands for; the engine's words come free of secrets. */
export function engineFailure(error: unknown, doing: string, redact: Redaction): Failure {
  const reason = redact(reasonOf(error)).replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 500);
  const cause = causes.find(({ pattern }) => pattern.test(reason));
  if (cause === undefined) {
    return {
      code: 'engine_error',
      message: `The Docker engine could not ${doing}: ${reason}.`,
      fix: 'Read the log of the engine, then deploy again.',
      evidence: {},
    };
  }
  return { code: cause.code, message: cause.message, fix: cause.fix, evidence: { lastLines: [reason] } };
}
