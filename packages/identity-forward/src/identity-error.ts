// The one error class of this package, which stands alone and so does not share the platform's.
import { identityErrors } from './error-codes.ts';
import type { IdentityErrorCode } from './error-codes.ts';

/** Why an identity was refused. Holds no part of a token or a key. Compare `code`: two copies of this package may be installed. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  readonly code: IdentityErrorCode;
  /** The same for every occurrence of the code. */
  readonly title: string;
  /** HTTP status that answers this error: 401 for a refused token, 503 while no keys can be had. */
  readonly status: number;
  /** What to do next. */
  readonly hint: string;

  constructor(code: IdentityErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    const entry = identityErrors[code];
    this.code = code;
    this.title = entry.title;
    this.status = entry.status;
    this.hint = entry.hint;
  }
}

/** Whether a caught value is an {@link IdentityError}, whichever copy of the class made it. */
export function isIdentityError(value: unknown): value is IdentityError {
  return (
    value instanceof Error &&
    typeof (value as Partial<IdentityError>).code === 'string' &&
    Object.hasOwn(identityErrors, (value as IdentityError).code)
  );
}
