// One event stream on its way to a caller: its bytes pass as they come, comments fill long silence, and its event ids are noted as the caller's.
import type { EventStream } from './event-stream.ts';
import { commentLine } from './stream-comments.ts';
import type { CommentTarget, StreamComments } from './stream-comments.ts';

/** What an {@link EventRelay} works with. */
export interface EventRelayParts {
  readonly comments: StreamComments;
  readonly now: () => number;
  /** Given every chunk that passes. */
  readonly noteIds: (chunk: Buffer) => void;
  /** Whether the caller reads as fast as is written. */
  readonly keepsUp: () => boolean;
  /** Sends bytes to the caller. */
  readonly write: (chunk: Buffer) => void;
}

/** A stream to which nothing was added that a server compressed or counted. */
export class EventRelay implements CommentTarget {
  lastByteAt: number;
  readonly #events: EventStream;
  readonly #parts: EventRelayParts;

  constructor(events: EventStream, parts: EventRelayParts) {
    this.#events = events;
    this.#parts = parts;
    this.lastByteAt = parts.now();
    parts.comments.add(this);
  }

  /** The bytes to send for these; `undefined` while the first event is not complete. Throws when it cannot be made public. */
  pass(chunk: Buffer): Buffer | undefined {
    this.lastByteAt = this.#parts.now();
    this.#parts.noteIds(chunk);
    return this.#events.pass(chunk);
  }

  /** Ends the stream; gives what is still held. */
  end(): Buffer | undefined {
    this.#parts.comments.remove(this);
    return this.#events.rest();
  }

  writeComment(): void {
    if (!this.#parts.keepsUp() || !this.#events.betweenEvents) return;
    this.lastByteAt = this.#parts.now();
    this.#parts.write(Buffer.from(commentLine));
  }
}
