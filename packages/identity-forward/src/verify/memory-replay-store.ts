// A replay store in the memory of one process.
import { IdentityError } from '../identity-error.ts';
import type { ReplayStore } from './replay-store.ts';

/** How {@link memoryReplayStore} is bounded. */
export interface MemoryReplayStoreOptions {
  /** Tokens remembered at once, 1–10,000,000. Default: 100,000, about 25 MB; enough for 300 requests a second. */
  readonly limit?: number | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: (() => number) | undefined;
}

/**
 * Remembers tokens in this process, for a server that runs once. Full of tokens that are still alive it forgets none and takes none:
 * the verifier then answers `ERR_IDENTITY_REPLAY_STORE` (503).
 *
 * @throws `ERR_IDENTITY_OPTIONS` when the limit is out of bounds.
 */
export function memoryReplayStore({ limit = 100_000, clock = Date.now }: MemoryReplayStoreOptions = {}): ReplayStore {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 10_000_000)
    throw new IdentityError('ERR_IDENTITY_OPTIONS', 'limit of the replay store is not between 1 and 10000000.');
  const expiries = new Map<string, number>();
  let sweepAt = Math.min(limit, 1024);
  let sweptAt: number | undefined;

  /** Forgets the dead. Its cost is shared by the claims since the last time, or a second when the store is full. */
  function sweep(now: number): void {
    if (now === sweptAt) return;
    sweptAt = now;
    for (const [id, expiresAt] of expiries) if (expiresAt <= now) expiries.delete(id);
    sweepAt = Math.min(limit, Math.max(1024, expiries.size * 2));
  }

  return {
    claim(id, expiresAt) {
      const now = Math.floor(clock() / 1000);
      // What is dead by this clock would be forgotten at once, and taken again and again.
      if (!(expiresAt > now)) throw failed('was given a token that is dead by its clock: give it the clock of the verifier');
      if (expiries.size >= sweepAt) sweep(now);
      if ((expiries.get(id) ?? Number.NEGATIVE_INFINITY) > now) return false;
      if (expiries.size >= limit && !expiries.has(id)) throw failed(`holds ${limit} tokens that are still alive`);
      expiries.set(id, expiresAt);
      return true;
    },
  };
}

function failed(what: string): IdentityError {
  return new IdentityError('ERR_IDENTITY_REPLAY_STORE', `The replay store ${what}.`);
}
