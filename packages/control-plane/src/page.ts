// A part of a list: how it is asked for, and how it comes back.

/** Which part of a list is wanted. */
export interface PageRequest {
  /** At most so many, 1–1000. Default 100. Other numbers are brought into that range. */
  readonly limit?: number | undefined;
  /** How many to leave out at the start. Default 0. */
  readonly offset?: number | undefined;
}

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** How many there are in the whole list. */
  readonly total: number;
}

/** The numbers of a request, brought into range. */
export function pageBounds(request: PageRequest = {}): { limit: number; offset: number } {
  return { limit: within(request.limit, 100, 1, 1000), offset: within(request.offset, 0, 0, 1_000_000_000) };
}

function within(value: number | undefined, fallback: number, least: number, most: number): number {
  if (value === undefined || !Number.isFinite(value)) return fallback;
  return Math.min(most, Math.max(least, Math.trunc(value)));
}
