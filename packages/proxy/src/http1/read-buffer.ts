// Where sockets read to: one buffer for all of them, and one of its own for a socket only while a large body rushes through it.

const bytes = 65_536;
/** A body of so many bytes in one read is worth handing on without copying it. */
const large = 16_384;

/** Every read ends before the next begins, and nothing of it is kept beyond its callback. */
const shared: Buffer = Buffer.allocUnsafeSlow(bytes);

/** Decides, read by read, where one socket reads to next. */
export class ReadBuffer {
  #next: Buffer | undefined = shared;

  /** The buffer for the next read, when it is another one than before. */
  next(): Buffer | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }

  /**
   * The part of a read that goes on: the buffer's own memory when it is large and nobody else reads there, or else a copy.
   *
   * @param length bytes that were read; a full buffer means that more is waiting
   */
  take(buffer: Buffer, start: number, end: number, length: number): Buffer {
    const own = buffer !== shared;
    const handOver = own && end - start >= large;
    if (length < bytes) this.#next = own ? shared : undefined;
    else if (handOver || !own) this.#next = Buffer.allocUnsafeSlow(bytes);
    if (handOver) return buffer.subarray(start, end);
    const copy = Buffer.allocUnsafe(end - start);
    buffer.copy(copy, 0, start, end);
    return copy;
  }

  /** The answer has ended in this read: an idle socket has no buffer of its own. */
  release(buffer: Buffer | undefined): void {
    this.#next = buffer === shared ? undefined : shared;
  }
}
