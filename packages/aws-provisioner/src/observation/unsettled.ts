// Deployments of which a task runs that does not answer yet, or not just now, beside those that serve.
// ECS tells of no change when it does at last, so they are looked at again: soon at first, then less and less often.

/** Deployments to be looked at again. */
export interface Unsettled {
  /** One of its tasks runs and does not answer. */
  mark(deploymentId: string): void;
  /** Begins a look; what it gives ends it, and takes the deployment off the list unless the look marked it and it serves. */
  look(deploymentId: string): (serves: boolean) => void;
  /** Those whose time has come. */
  due(): string[];
}

interface Entry {
  marks: number;
  waitMs: number;
  dueAt: number;
}

const longestWaitMs = 30_000;

/** @param firstMs Time until the first look; it doubles with each. */
export function createUnsettled(firstMs: number, now: () => number = () => performance.now()): Unsettled {
  const entries = new Map<string, Entry>();
  return {
    mark(deploymentId) {
      const entry = entries.get(deploymentId) ?? { marks: 0, waitMs: firstMs, dueAt: now() + firstMs };
      entry.marks += 1;
      entries.set(deploymentId, entry);
    },
    look(deploymentId) {
      const before = entries.get(deploymentId)?.marks ?? 0;
      return (serves) => {
        if (!serves || entries.get(deploymentId)?.marks === before) entries.delete(deploymentId);
      };
    },
    due() {
      const found = [...entries].filter(([, { dueAt }]) => dueAt <= now());
      for (const [, entry] of found) {
        entry.waitMs = Math.min(entry.waitMs * 2, longestWaitMs);
        entry.dueAt = now() + entry.waitMs;
      }
      return found.map(([deploymentId]) => deploymentId);
    },
  };
}
