// Error codes as data: each package keeps one table, and docs/errors.md is generated from all of them.

/** `ERR_<AREA>_<WHAT>`: stable, compared by callers, never reused for another meaning. */
export type ErrorCode = `ERR_${string}`;

/** What one code means, whoever meets it. */
export interface ErrorEntry {
  /** A short noun phrase that stays the same from one occurrence to the next (RFC 9457 `title`). */
  readonly title: string;
  /** The HTTP status that answers it, 400–599. */
  readonly status: number;
  /** What to do next when the occurrence gives no better hint. */
  readonly hint?: string;
}

/** All codes of one package. */
export type ErrorTable = Readonly<Record<ErrorCode, ErrorEntry>>;
