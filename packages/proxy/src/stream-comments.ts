// Keeps silent event streams alive: load balancers cut a connection on which nothing moves for a minute.

/** A stream that may get a comment. */
export interface CommentTarget {
  /** When its last byte was sent, milliseconds since 1970. */
  lastByteAt: number;
  /** Writes a comment if the stream stands between two events and its reader keeps up. */
  writeComment(): void;
}

/** The streams that are open. */
export interface StreamComments {
  add(target: CommentTarget): void;
  remove(target: CommentTarget): void;
  /** Writes a comment into every stream that was silent too long. Called by a timer of its own. */
  tick(): void;
}

/** One comment line, ended by an empty one so that clients which split at empty lines see a block of its own. */
export const commentLine = ':\n\n';

/** Watches streams with one timer for all, which runs only while there are any. `silenceMs` 0 watches nothing. */
export function createStreamComments(silenceMs: number, now: () => number): StreamComments {
  const open = new Set<CommentTarget>();
  let timer: NodeJS.Timeout | undefined;
  function tick(): void {
    const latest = now() - silenceMs;
    for (const target of open) if (target.lastByteAt <= latest) target.writeComment();
  }
  return {
    tick,
    add(target) {
      if (silenceMs === 0) return;
      open.add(target);
      timer ??= setInterval(tick, Math.max(1, Math.floor(silenceMs / 4))).unref();
    },
    remove(target) {
      if (!open.delete(target) || open.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}
