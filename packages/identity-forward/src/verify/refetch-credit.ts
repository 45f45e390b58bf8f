// Who may have the keys fetched again for an id that the set does not know. Those whose tokens were verified before do not share
// the fetch of those who never showed one, so that no number of strangers with invented ids can spend it. Pure: the clock comes as a number.
import { elapsed } from './elapsed.ts';

/** Milliseconds until a credit that was spent in vain comes back: the longest that a forger who names a caller can hold up a real new key of theirs. */
export const cooldownMs = 5000;
/** Subjects remembered, in each of two generations. */
export const generationSize = 1000;

/** Whom a token speaks of. */
export interface SubjectName {
  readonly organization_id: string;
  readonly sub: string;
}

/** The right to one fetch per cool-down. */
interface Purse {
  spentAt: number;
}

/** What {@link createRefetchCredit} makes. */
export interface RefetchCredit {
  /** Remembers a caller whose token was right. */
  readonly verified: (subject: SubjectName) => void;
  /** Spends the credit of a caller, or that of all strangers; gives how to return it, or `undefined` when it is spent already. */
  readonly take: (subject: SubjectName, now: number) => (() => void) | undefined;
}

/**
 * Credits by subject: one for each that was verified among the last thousand or two, one for all others together. A caller may
 * name any subject before its token is verified; who names a known one spends what is that subject's, and nobody else's.
 */
export function createRefetchCredit(): RefetchCredit {
  const strangers: Purse = { spentAt: Number.NEGATIVE_INFINITY };
  let recent = createGeneration();
  let older = createGeneration();

  function verified(subject: SubjectName): void {
    if (recent.get(subject) !== undefined) return;
    if (recent.size() >= generationSize) {
      older = recent;
      recent = createGeneration();
    }
    recent.add(subject, older.get(subject) ?? { spentAt: Number.NEGATIVE_INFINITY });
  }

  function take(subject: SubjectName, now: number): (() => void) | undefined {
    const purse = recent.get(subject) ?? older.get(subject) ?? strangers;
    if (elapsed(now, purse.spentAt) < cooldownMs) return undefined;
    purse.spentAt = now;
    return () => {
      purse.spentAt = Number.NEGATIVE_INFINITY;
    };
  }
  return { verified, take };
}

interface Generation {
  get(subject: SubjectName): Purse | undefined;
  add(subject: SubjectName, purse: Purse): void;
  size(): number;
}

/** Purses by organization and subject: joining the two names would cost each verified token more than two look-ups. */
function createGeneration(): Generation {
  const organizations = new Map<string, Map<string, Purse>>();
  let size = 0;
  return {
    get: ({ organization_id, sub }) => organizations.get(organization_id)?.get(sub),
    add({ organization_id, sub }, purse) {
      const subjects = organizations.get(organization_id) ?? new Map<string, Purse>();
      organizations.set(organization_id, subjects.set(sub, purse));
      size += 1;
    },
    size: () => size,
  };
}
