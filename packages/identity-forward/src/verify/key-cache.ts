// When to fetch the keys again, and how long to live without: rotation is seen, an outage is survived, a forger triggers nothing.
import type { CryptoKey } from 'jose';
import { IdentityError } from '../identity-error.ts';
import type { KeySet } from './key-set.ts';

/** Finds the key with this id. */
export type FindKey = (kid: string) => Promise<CryptoKey>;

interface CacheOptions {
  readonly load: () => Promise<KeySet>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** How long a set is taken as current: 10 minutes. The platform publishes a key at least this long before it signs with it. */
export const freshMs = 600_000;
/** How long the last good set serves while the address is down: 1 hour. */
export const staleMs = 3_600_000;
/** At most one fetch in 30 s for ids that the set does not know. */
export const cooldownMs = 30_000;
/** First pause after a failed fetch; doubled with each failure up to {@link cooldownMs}. */
const firstPauseMs = 1000;

/**
 * Looks keys up in a cached set, and loads it when it must.
 *
 * @throws (the function returned) `ERR_IDENTITY_TOKEN_KEY` for an id that no published key has, `ERR_IDENTITY_KEYS_UNAVAILABLE`
 * when there is no set young enough to answer from.
 */
export function createKeyCache({ load, clock }: CacheOptions): FindKey {
  let held: { readonly keys: KeySet; readonly at: number } | undefined;
  let failures = 0;
  let failure: unknown;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

  const age = (): number => (held === undefined ? Number.POSITIVE_INFINITY : elapsed(clock(), held.at));

  async function reload(): Promise<void> {
    const startedAt = clock();
    attemptedAt = startedAt;
    try {
      held = { keys: await load(), at: startedAt };
      failures = 0;
      failure = undefined;
    } catch (error) {
      failures += 1;
      failure = error;
    }
  }

  /** Never rejects; callers that come meanwhile share it. */
  async function refresh(pauseMs: number): Promise<void> {
    if (loading === undefined && elapsed(clock(), attemptedAt) >= pauseMs) {
      loading = reload().finally(() => {
        loading = undefined;
      });
    }
    await loading;
  }

  return async (kid) => {
    if (age() >= freshMs) {
      const refreshed = refresh(backOff(failures));
      // Once the address is known to be down, a caller whom the old set can serve does not wait for the next try.
      if (failures === 0 || age() >= staleMs) await refreshed;
    }
    if (age() < staleMs && !held?.keys.has(kid)) await refresh(Math.max(cooldownMs, backOff(failures)));
    if (held === undefined || age() >= staleMs) throw unavailable(failure);
    return held.keys.get(kid) ?? unknownKey();
  };
}

/** Refuses an id that no published key has. */
export function unknownKey(): never {
  throw new IdentityError('ERR_IDENTITY_TOKEN_KEY', 'The identity token is signed with a key that the platform does not publish.');
}

function backOff(failures: number): number {
  return failures === 0 ? 0 : Math.min(cooldownMs, firstPauseMs * 2 ** (failures - 1));
}

/** A clock that was set back must not freeze the cache: what lies in the future counts as long ago. */
function elapsed(now: number, then: number): number {
  return now >= then ? now - then : Number.POSITIVE_INFINITY;
}

function unavailable(cause: unknown): IdentityError {
  return cause instanceof IdentityError
    ? cause
    : new IdentityError('ERR_IDENTITY_KEYS_UNAVAILABLE', 'No signing keys of the platform are at hand.', { cause });
}
