// The shape of a forgery, apart so that each table of them can stand alone.
import type { IdentityErrorCode } from '../error-codes.ts';

/** A token to refuse. */
export interface Forgery {
  /**
   * The family of attack: T1 algorithm, T2 header, T3 kid, T4 key, T5 audience, T6 issuer, T7 times, T8 replay, T9 repeats,
   * T10 signature, T11 size, T12 subject, T13 key set, form.
   */
  readonly attack: string;
  readonly name: string;
  readonly token: string;
  /** What our verifier answers; other languages need only refuse. */
  readonly code: IdentityErrorCode;
}

/** A name and whatever makes the forgery. */
export type Row<What> = readonly [name: string, what: What];

/** Forgeries of one family, made alike. */
export function family<What>(attack: string, code: IdentityErrorCode, make: (what: What) => string, rows: readonly Row<What>[]): Forgery[] {
  return rows.map(([name, what]) => ({ attack, name, token: make(what), code }));
}
