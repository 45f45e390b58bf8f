// Codes and tokens in memory: what cannot be guessed leads to what it stands for, for a while.
import { randomBytes } from 'node:crypto';

/** Things behind unguessable texts. */
export interface Secrets<Value> {
  /** Keeps a value and returns the text that leads to it. The oldest goes when there are more than 10,000. */
  keep(value: Value): string;
  /** The value, unless its time is over. */
  find(secret: string): Value | undefined;
  /** The value, which is then forgotten. */
  take(secret: string): Value | undefined;
}

const most = 10_000;

/** An empty store whose values last so many seconds. */
export function createSecrets<Value>(seconds: number, now: () => number = Date.now): Secrets<Value> {
  const kept = new Map<string, { readonly value: Value; readonly until: number }>();
  const find = (secret: string): Value | undefined => {
    const entry = kept.get(secret);
    return entry === undefined || entry.until <= now() ? undefined : entry.value;
  };
  return {
    keep(value) {
      const secret = randomBytes(32).toString('base64url');
      kept.set(secret, { value, until: now() + seconds * 1000 });
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      return secret;
    },
    find,
    take(secret) {
      const value = find(secret);
      kept.delete(secret);
      return value;
    },
  };
}
