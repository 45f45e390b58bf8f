// Asks once for many who ask at about the same time.

/**
 * Gives the answer of the last ask for as long as `keepMs` says of it; who asks meanwhile waits with the others. A failure is not kept.
 *
 * @param keepMs milliseconds that an answer stays good
 * @param now milliseconds of a clock that never goes back. Default: that of the process
 */
export function shared<Answer>(
  ask: () => Promise<Answer>,
  keepMs: (answer: Answer) => number,
  now: () => number = () => performance.now(),
): () => Promise<Answer> {
  let last: { readonly answer: Promise<Answer>; until: number } | undefined;
  return () => {
    if (last !== undefined && now() < last.until) return last.answer;
    const mine = { answer: ask(), until: Number.POSITIVE_INFINITY };
    last = mine;
    mine.answer.then(
      (answer) => void (mine.until = now() + keepMs(answer)),
      () => void (mine.until = 0),
    );
    return mine.answer;
  };
}
