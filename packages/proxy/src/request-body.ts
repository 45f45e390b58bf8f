// Brings a request's body to the upstream: short ones whole, long ones as a stream that is never read ahead of the upstream.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { fail } from './error-codes.ts';
import { requestHeaderKind } from './header-kind.ts';

/** Reads a body of so many bytes whole. Of a caller who leaves before, nothing more is told. */
export function readWhole(req: IncomingMessage, length: number, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let received = 0;
  req.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    received += chunk.length;
    // Its end says nothing more, and comes later.
    if (received === length) done(chunks.length === 1 ? chunk : Buffer.concat(chunks));
  });
}

/**
 * A body that pulls from the request only as fast as it is read. Destroying it leaves the request alone: an upstream client destroys a
 * body when the upstream fails, and the caller's connection must live on to carry the answer.
 */
export class RequestBody extends Readable {
  readonly #req: IncomingMessage;
  readonly #limit: number;
  /** Whether a byte has been taken: then the body cannot be sent again. */
  started = false;
  /** Bytes that came so far. */
  received = 0;

  /** @param limit most bytes, 0 for no bound */
  constructor(req: IncomingMessage, limit: number) {
    super({ highWaterMark: 65_536 });
    this.#req = req;
    this.#limit = limit;
    req.pause();
  }

  /** What followed the body, without anything that a caller may not say. Complete once the body has ended. */
  trailers(): string[] {
    const kept: string[] = [];
    const raw = this.#req.rawTrailers;
    for (let index = 0; index + 1 < raw.length; index += 2) {
      const name = raw[index] as string;
      if (requestHeaderKind(name) === 'pass') kept.push(name, raw[index + 1] as string);
    }
    return kept;
  }

  override _read(): void {
    if (!this.started) {
      this.started = true;
      this.#req.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose).on('error', this.#onClose);
    }
    this.#req.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#req.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
    callback(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.received += chunk.length;
    if (this.#limit > 0 && this.received > this.#limit) this.destroy(bodyTooLong(this.#limit));
    else if (!this.push(chunk)) this.#req.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };

  readonly #onClose = (): void => {
    if (!this.#req.complete) this.destroy(new Error('The caller left in the middle of the body.'));
  };
}

/** The 413 of a body beyond `limit` bytes. */
export function bodyTooLong(limit: number): Error {
  return fail('ERR_PROXY_BODY_TOO_LONG', `The body is longer than ${limit} bytes.`);
}
