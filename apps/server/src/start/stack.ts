// What must be undone, newest first.

/** Steps to undo. */
export interface Stack {
  push(undo: () => Promise<unknown>): void;
  /** Runs every step once, newest first, also when one fails; rejects with the first failure. */
  unwind(): Promise<void>;
}

/** Makes an empty stack. */
export function createStack(): Stack {
  const steps: (() => Promise<unknown>)[] = [];
  return {
    push: (undo) => void steps.push(undo),
    async unwind() {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        await step().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
