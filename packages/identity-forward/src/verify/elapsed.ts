// Time between two readings of a clock that somebody may set.

/** Milliseconds from `then` to `now`. A clock that was set back must freeze nothing: what lies in the future counts as long ago. */
export function elapsed(now: number, then: number): number {
  return now >= then ? now - then : Number.POSITIVE_INFINITY;
}
