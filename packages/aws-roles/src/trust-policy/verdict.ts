// Logic with a third answer, for what cannot be known from where we stand.

/** Kleene's three truth values. */
export type Verdict = 'yes' | 'no' | 'unknown';

/** Whether all hold; nothing to hold is `yes`. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('no')) return 'no';
  return verdicts.includes('unknown') ? 'unknown' : 'yes';
}

/** Whether one holds; none to choose from is `no`. */
export function anyOf(verdicts: readonly Verdict[]): Verdict {
  return not(allOf(verdicts.map(not)));
}

/** The opposite; what is unknown stays so. */
export function not(verdict: Verdict): Verdict {
  if (verdict === 'unknown') return 'unknown';
  return verdict === 'yes' ? 'no' : 'yes';
}

/** A plain truth value as a verdict. */
export function verdict(holds: boolean): Verdict {
  return holds ? 'yes' : 'no';
}
