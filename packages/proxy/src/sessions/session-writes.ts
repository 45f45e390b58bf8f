// Writes sessions down behind the callers' backs: in order, in batches, and never more than so many waiting.
import type { SessionChange, SessionStore } from './session.ts';

/** Takes changes; nobody waits for them. */
export interface SessionWrites {
  add(change: SessionChange): void;
  /** Resolves when nothing waits any more. */
  settled(): Promise<void>;
}

/** Told how many changes were lost, and why: `undefined` when too many were waiting. */
export type OnLost = (lost: number, cause: unknown) => void;

const mostWaiting = 10_000;
const batch = 100;

/** A writer to `store`. What cannot be written is given up and told: it costs an owner's name, never a call. */
export function createSessionWrites(store: Pick<SessionStore, 'write'>, onLost: OnLost): SessionWrites {
  const waiting = new Map<string, SessionChange>();
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    // Those of the same turn go together.
    await Promise.resolve();
    while (waiting.size > 0) await writeNext();
    writing = undefined;
  }
  async function writeNext(): Promise<void> {
    const changes: SessionChange[] = [];
    for (const [key, change] of waiting) {
      waiting.delete(key);
      if (changes.push(change) === batch) break;
    }
    try {
      await store.write(changes);
    } catch (error) {
      onLost(changes.length, error);
    }
  }
  return {
    add(change) {
      const { routeId, fingerprint } = change.session;
      const key = `${routeId} ${fingerprint}`;
      const earlier = waiting.get(key);
      if (earlier === undefined && waiting.size >= mostWaiting) return onLost(1, undefined);
      waiting.set(key, earlier === undefined ? change : merged(earlier, change));
      writing ??= writeAll();
    },
    settled: () => writing ?? Promise.resolve(),
  };
}

/** The one change that does what both do. */
function merged(earlier: SessionChange, later: SessionChange): SessionChange {
  return earlier.kind === 'opened' && later.kind === 'used' && earlier.session.principal === later.session.principal
    ? { kind: 'opened', session: later.session }
    : later;
}
