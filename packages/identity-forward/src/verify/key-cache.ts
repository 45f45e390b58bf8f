// When to fetch the keys again, and how long to live without: rotation is seen, an outage is survived, a forger triggers nothing.
import { IdentityError } from '../identity-error.ts';
import { elapsed } from './elapsed.ts';
import type { FetchedKeys } from './fetch-key-set.ts';
import type { KeySet } from './key-set.ts';
import { createRefetchCredit } from './refetch-credit.ts';
import type { SubjectName } from './refetch-credit.ts';
import type { CheckSignature } from './signature.ts';
import { createSpacedLoader } from './spaced-loader.ts';

/** Where a verifier has its keys from. */
export interface KeySource {
  /** The key with this id, at once where it is at hand. `subject` says for whom, as far as the token can be believed. */
  find(kid: string, subject: SubjectName): CheckSignature | Promise<CheckSignature>;
  /** Told of each caller whose token was right. */
  verified(subject: SubjectName): void;
}

interface CacheOptions {
  readonly load: () => Promise<FetchedKeys>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds from the start of its fetch for which a set serves while the address is down; longer only while it is fresh. */
  readonly staleMs: number;
  readonly wait?: ((milliseconds: number) => Promise<unknown>) | undefined;
  readonly patienceMs?: number | undefined;
}

/** A set is fetched anew this long before its time is over, so that no caller waits; a fifth of its time when that is less. */
const aheadMs = 60_000;

/**
 * Looks keys up in a cached set, and loads it when it must.
 *
 * @throws (`find`) `ERR_IDENTITY_TOKEN_KEY` for an id that no published key has, `ERR_IDENTITY_KEYS_UNAVAILABLE`
 * when there is no set young enough to answer from, or it does not have the id and the address is down.
 */
export function createKeyCache({ load, clock, staleMs, wait = sleep, patienceMs }: CacheOptions): KeySource {
  const loader = createSpacedLoader({ load, clock, wait, patienceMs });
  const credit = createRefetchCredit();

  /** Milliseconds that are left until a time of the set is over: negative when it is. */
  const left = (of: (freshMs: number) => number): number =>
    loader.last === undefined ? Number.NEGATIVE_INFINITY : of(loader.last.value.freshSeconds * 1000) - elapsed(clock(), loader.last.at);
  const untilAsked = (freshMs: number): number => freshMs - Math.min(aheadMs, freshMs / 5);
  const untilOver = (freshMs: number): number => Math.max(freshMs, staleMs);

  function usableKeys(): KeySet {
    if (loader.last === undefined || left(untilOver) <= 0) throw unavailable(loader.failure?.cause);
    return loader.last.value.keys;
  }

  async function refresh(): Promise<void> {
    if (left(untilAsked) > 0) return;
    const isFailing = loader.failure !== undefined;
    const started = loader.start();
    if (left(untilOver) <= 0) await started?.done;
    // Once the address is known to be down, or slow, a caller whom the old set can serve does not wait for it.
    else if (left((freshMs) => freshMs) <= 0 && !isFailing) await started?.soon;
  }

  /** Refuses an id that the set does not have: for good, or for the time that the address cannot be asked about it. */
  function missing(): never {
    if (loader.failure !== undefined) throw unavailable(loader.failure.cause);
    unknownKey();
  }

  /** The key in the set, which is the last word on it when it was fetched after `since` loads had begun. */
  function keyIn(keys: KeySet, kid: string, since: number): CheckSignature | undefined {
    const key = keys.get(kid);
    return key === undefined && loader.last !== undefined && loader.last.start > since ? unknownKey() : key;
  }

  /** For an id that the set does not know: what is being fetched may have it; else the caller's credit buys one more fetch. */
  async function seek(kid: string, subject: SubjectName, since: number): Promise<CheckSignature> {
    // Looked at again after each wait: a fetch that another began in the same moment serves this one too.
    while (loader.running !== undefined) await loader.running.done;
    const fetched = keyIn(usableKeys(), kid, since);
    if (fetched !== undefined) return fetched;
    // A fetch that somebody has paid for and that has not begun serves all who come before it.
    const giveBack = loader.isScheduled ? undefined : (credit.take(subject, clock()) ?? missing());
    await loader.next();
    const found = usableKeys().get(kid);
    // A fetch that failed has told nothing, and the pause after it bounds the next ones.
    if (found !== undefined || loader.failure !== undefined) giveBack?.();
    return found ?? missing();
  }

  async function refreshAndFind(kid: string, subject: SubjectName): Promise<CheckSignature> {
    // A key is published before it signs: a set fetched after the token came has it, or nobody has.
    const since = loader.starts;
    await refresh();
    return keyIn(usableKeys(), kid, since) ?? seek(kid, subject, since);
  }

  return {
    find: (kid, subject) => (left(untilAsked) > 0 ? loader.last?.value.keys.get(kid) : undefined) ?? refreshAndFind(kid, subject),
    verified: credit.verified,
  };
}

/** Refuses an id that no published key has. */
export function unknownKey(): never {
  throw new IdentityError('ERR_IDENTITY_TOKEN_KEY', 'The identity token is signed with a key that the platform does not publish.');
}

function unavailable(cause: unknown): IdentityError {
  const message = cause instanceof IdentityError ? cause.message : 'No signing keys of the platform are at hand.';
  return new IdentityError('ERR_IDENTITY_KEYS_UNAVAILABLE', message, { cause });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
