// Seals small secrets for storage: AES-256-GCM, bound to the row and column they are kept in.

/** The place a sealed value is kept in; it opens nowhere else. */
export interface SealedPlace {
  /** UUID of the row. */
  readonly row: string;
  /** `table.column`. */
  readonly column: string;
}

/** Seals and opens. */
export interface Sealer {
  /** Seals with the first key. */
  seal(plain: string, place: SealedPlace): string;
  /** Opens with whichever key sealed it. Throws `ERR_SEAL_KEY_WRONG` when that key is not here, `ERR_SEAL_BROKEN` when it was changed or moved. */
  open(sealed: string, place: SealedPlace): string;
  /** Whether the first key sealed it. */
  isCurrent(sealed: string): boolean;
}
