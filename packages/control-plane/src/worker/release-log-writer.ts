// Writes the log of a running release: redacted, in order, many lines in one transaction when they come fast.
import type { HeldLease } from '../jobs/hold-lease.ts';
import type { Redactor } from '../redaction/redactor.ts';
import { appendLines, wholeLines } from '../releases/append-lines.ts';

/** Lines that may wait before `write` does. */
const mostWaiting = 500;

/** Takes texts and stores their lines. */
export interface ReleaseLogWriter {
  /** Waits only when too much is unwritten. Throws when an earlier write failed. */
  write(text: string): Promise<void>;
  /** Resolves when everything is stored. */
  flush(): Promise<void>;
}

/** The lines of a text, with nothing in them that the redactor knows. */
export function redactedLines(text: string, redact: Redactor): readonly string[] {
  // Before the split for values of several lines; after it, since taking escape sequences out may put a value together.
  return wholeLines(redact(text)).map(redact);
}

/** A writer for one release, writing only while the lease is held. */
export function createReleaseLogWriter(lease: HeldLease, releaseId: string, redact: Redactor): ReleaseLogWriter {
  let waiting: string[] = [];
  let writing: Promise<void> | undefined;
  let broken: { readonly error: unknown } | undefined;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await lease.fenced((tx) => appendLines(tx, releaseId, batch, { important: false }));
    }
  }
  function begin(): Promise<void> {
    writing ??= drain()
      .catch((error: unknown) => {
        broken = { error };
      })
      .finally(() => {
        writing = undefined;
      });
    return writing;
  }
  async function flush(): Promise<void> {
    while (broken === undefined && (waiting.length > 0 || writing !== undefined)) await begin();
    if (broken !== undefined) throw broken.error;
  }
  return {
    async write(text) {
      if (broken !== undefined) throw broken.error;
      waiting.push(...redactedLines(text, redact));
      const begun = begin();
      if (waiting.length > mostWaiting) await begun;
    },
    flush,
  };
}
