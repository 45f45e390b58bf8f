// Signs a few tokens at once for a caller who comes often: in a row they cost less each than one between two other things.

/** Milliseconds after which a token that nobody has asked for is dropped. */
const keptMs = 5000;

/**
 * Hands out each token once. Signs one alone as long as the caller comes seldom, then twice as many each time the last ones were
 * used up within five seconds, up to `most`.
 */
export function createReserve(most: number, sign: () => string, clock: () => number): () => string {
  let ready: string[] = [];
  let signedAt = Number.NEGATIVE_INFINITY;
  let count = 1;
  return () => {
    const age = clock() - signedAt;
    const isRecent = age >= 0 && age < keptMs;
    const token = isRecent ? ready.pop() : undefined;
    if (token !== undefined) return token;
    count = isRecent ? Math.min(count * 2, most) : 1;
    signedAt = clock();
    ready = Array.from({ length: count - 1 }, sign);
    return sign();
  };
}
