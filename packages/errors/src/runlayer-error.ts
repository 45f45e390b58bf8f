// The one error shape of the product: a stable code, what happened, where, and what to do next.
import type { ErrorCode, ErrorTable } from './error-table.ts';
import type { Issue } from './issue.ts';

/** Where the page about a code lives; the code itself is the anchor. */
export const errorDocsUrl = 'https://docs.runlayer.com/deploy/errors';

/** What an occurrence of an error may add to its code and message. */
export interface ErrorDetails {
  /** What to do next. Default: the hint of the table. */
  readonly hint?: string | undefined;
  /** Link to more. Default: the code's anchor below {@link errorDocsUrl}. */
  readonly docs?: string | undefined;
  /** Every fault of a document, each with its place. Default: none. */
  readonly issues?: readonly Issue[] | undefined;
  /** Machine-readable facts of this occurrence. Sent to clients: never put a secret here. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  /** The error that led to this one. Never sent to clients. */
  readonly cause?: unknown;
}

/** Compare {@link RunlayerError.code}, not the class: two copies of this package may be installed. */
export class RunlayerError extends Error {
  override readonly name = 'RunlayerError';
  readonly code: ErrorCode;
  /** RFC 9457 `title`: the same for every occurrence of the code. */
  readonly title: string;
  /** HTTP status that answers this error. */
  readonly status: number;
  readonly hint: string | undefined;
  readonly docs: string;
  readonly issues: readonly Issue[];
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, title: string, status: number, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.title = title;
    this.status = status;
    this.hint = details.hint;
    this.docs = details.docs ?? `${errorDocsUrl}#${code.toLowerCase()}`;
    this.issues = details.issues ?? [];
    this.data = details.data;
  }
}

/** Makes an error of one table's codes; a code that is not in the table does not compile. */
export type ErrorMaker<Table extends ErrorTable> = (
  code: keyof Table & ErrorCode,
  message: string,
  details?: ErrorDetails,
) => RunlayerError;

/**
 * Binds a table to a function that makes its errors.
 *
 * @example
 * const fail = errorMaker({ ERR_KEY_UNKNOWN: { title: 'Unknown key', status: 401, hint: 'Run `runlayer login`.' } });
 * throw fail('ERR_KEY_UNKNOWN', 'The API key was not recognised.');
 */
export function errorMaker<Table extends ErrorTable>(table: Table): ErrorMaker<Table> {
  return (code, message, details = {}) => {
    const entry = (table as ErrorTable)[code];
    if (entry === undefined) throw new TypeError(`${code} is not in this table`);
    return new RunlayerError(code, entry.title, entry.status, message, { ...details, hint: details.hint ?? entry.hint });
  };
}

/** Whether a caught value has our shape, whichever copy of the class made it. */
export function isRunlayerError(value: unknown): value is RunlayerError {
  return (
    value instanceof Error &&
    typeof (value as Partial<RunlayerError>).code === 'string' &&
    (value as RunlayerError).code.startsWith('ERR_') &&
    Array.isArray((value as Partial<RunlayerError>).issues)
  );
}

/** Whether a caught value is ours and has this code. */
export function hasCode(value: unknown, code: ErrorCode): value is RunlayerError {
  return isRunlayerError(value) && value.code === code;
}
