// Remembers for a moment who owns a credential, good ones and bad ones, without keeping the credential.
import { hash } from 'node:crypto';
import type { Authenticate, Caller } from './caller.ts';

/** How long and how much {@link createCallerCache} remembers. */
export interface CallerCacheOptions {
  /** Milliseconds. */
  readonly ttlMs: number;
  readonly entries: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** `authenticate` with a memory. */
export interface CallerCache {
  /** At once when remembered, else what `authenticate` answers; calls that come meanwhile share that one answer. */
  find(credential: string): Caller | undefined | Promise<Caller | undefined>;
  /** Forgets one credential, or all. An answer that is still on its way is not remembered. */
  invalidate(credential?: string): void;
  /** Credentials that were looked up, ever. */
  counts(): { readonly hits: number; readonly misses: number };
}

interface Entry {
  answer: Caller | undefined | Promise<Caller | undefined>;
  expires: number;
}

/** The entry that was asked for longest ago goes first; a thrown answer is not remembered. */
export function createCallerCache(authenticate: Authenticate, options: CallerCacheOptions): CallerCache {
  const known = new Map<string, Entry>();
  const { ttlMs, entries, now } = options;
  let hits = 0;
  let misses = 0;

  function keep(key: string, entry: Entry): void {
    known.delete(key);
    known.set(key, entry);
    if (known.size <= entries) return;
    const oldest = known.keys().next();
    if (oldest.done !== true) known.delete(oldest.value);
  }

  async function settle(key: string, entry: Entry, answer: Promise<Caller | undefined>, expires: number): Promise<Caller | undefined> {
    try {
      const caller = await answer;
      entry.answer = caller;
      entry.expires = expires;
      return caller;
    } catch (error) {
      if (known.get(key) === entry) known.delete(key);
      throw error;
    }
  }

  return {
    find(credential) {
      const key = fingerprint(credential);
      const found = known.get(key);
      if (found !== undefined && found.expires > now()) {
        hits += 1;
        return found.answer;
      }
      misses += 1;
      // Counted from the question: an answer that was long on its way may be old when it comes.
      const expires = now() + ttlMs;
      const answer = authenticate(credential);
      const entry: Entry = { answer: undefined, expires: answer instanceof Promise ? Number.POSITIVE_INFINITY : expires };
      entry.answer = answer instanceof Promise ? settle(key, entry, answer, expires) : answer;
      keep(key, entry);
      return entry.answer;
    },
    invalidate(credential) {
      if (credential === undefined) known.clear();
      else known.delete(fingerprint(credential));
    },
    counts: () => ({ hits, misses }),
  };
}

function fingerprint(credential: string): string {
  return hash('sha256', credential, 'base64url');
}
