// Turns what a driver throws into our errors: drizzle's own messages quote the values of a statement.
import { isRunlayerError } from '@runlayer/errors';
import { fail } from '../error-codes.ts';

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ENOENT',
  // Wrong password or role, no such database, starting up or shutting down, too many connections.
  '28000',
  '28P01',
  '3D000',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
]);

/** A failed statement: SQLSTATE, constraint and the server's sentence, without the statement and its values. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  readonly sqlState: string | undefined;
  readonly constraint: string | undefined;

  constructor(sqlState: string | undefined, constraint: string | undefined, message: string) {
    super(`A database statement failed${sqlState === undefined ? '' : ` (${sqlState})`}: ${message}`);
    this.sqlState = sqlState;
    this.constraint = constraint;
  }
}

/** Whether a statement failed because a row with this unique value is there. */
export function isDuplicate(error: unknown, constraint: string): boolean {
  return error instanceof StatementError && error.sqlState === '23505' && error.constraint === constraint;
}

/** What to throw in place of what came from the driver; our own errors and programming errors pass. `place` is for the message. */
export function databaseFault(error: unknown, place: string): unknown {
  if (isRunlayerError(error) || error instanceof StatementError) return error;
  const root = rootCause(error);
  if (root === undefined) return error;
  const { code, message } = root;
  if (code === '53100' || code === 'ENOSPC' || /no space left on device/i.test(message)) {
    return fail('ERR_DATABASE_NO_SPACE', `The disk of the database ${place} is full.`);
  }
  if ((code !== undefined && unreachable.has(code)) || /timeout|terminated|closed|ended|not queryable/i.test(message)) {
    return fail('ERR_DATABASE_UNREACHABLE', `The database ${place} cannot be reached: ${reason(code, message)}.`);
  }
  return code === undefined && !isQueryError(error) ? error : new StatementError(code, root.constraint, message);
}

interface Cause {
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly message: string;
}

function rootCause(error: unknown): Cause | undefined {
  let current = error;
  for (let depth = 0; depth < 5 && isQueryError(current); depth += 1) current = current.cause;
  if (current instanceof AggregateError && current.errors.length > 0) current = current.errors[0];
  if (!(current instanceof Error)) return undefined;
  const { code, constraint } = current as { code?: unknown; constraint?: unknown };
  return {
    code: typeof code === 'string' ? code : undefined,
    constraint: typeof constraint === 'string' ? constraint : undefined,
    message: current.message,
  };
}

function isQueryError(error: unknown): error is Error & { cause: unknown } {
  return error instanceof Error && error.cause !== undefined && error.message.startsWith('Failed query');
}

function reason(code: string | undefined, message: string): string {
  if (code === '28P01' || code === '28000') return 'user name or password is wrong';
  if (code === '3D000') return 'there is no such database';
  if (code === '57P03') return 'it is starting up or shutting down';
  return code ?? message.split('\n')[0] ?? 'unknown reason';
}
