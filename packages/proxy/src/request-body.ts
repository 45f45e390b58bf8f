// Brings a request's body to the upstream: short ones whole, long ones as a stream that is never read ahead of the upstream.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { fail } from './error-codes.ts';

/** Whether a request announces a body. */
export function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Whether the announced body is short enough to be read whole. */
export function isShortBody(req: IncomingMessage, limit: number): boolean {
  const length = req.headers['content-length'];
  return length !== undefined && Number(length) <= limit;
}

/** Milliseconds for a short body to arrive: nobody may hold a call open with a byte now and then. */
const wholeBodyMs = 60_000;

/**
 * Reads an announced body whole; `undefined` when the caller left before it was complete.
 *
 * @throws `ERR_PROXY_BODY` when it takes longer than a minute
 */
export function readWhole(req: IncomingMessage, withinMs: number = wholeBodyMs): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    if (req.destroyed && !req.complete) return resolve(undefined);
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => reject(fail('ERR_PROXY_BODY', 'The body did not arrive in time.')), withinMs);
    const done = (body: Buffer | undefined): void => {
      clearTimeout(timer);
      resolve(body);
    };
    req.on('data', (chunk: Buffer) => void chunks.push(chunk));
    req.on('end', () => done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    req.on('close', () => done(undefined));
    req.on('error', () => done(undefined));
  });
}

/**
 * A body that pulls from the request only as fast as it is read. Destroying it leaves the request alone: undici destroys a body
 * when the upstream fails, and the caller's connection must live on to carry the answer.
 */
export class RequestBody extends Readable {
  readonly #req: IncomingMessage;
  /** Whether a byte has been taken: then the body cannot be sent again. */
  started = false;

  constructor(req: IncomingMessage) {
    super({ highWaterMark: 65_536 });
    this.#req = req;
    req.pause();
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
    if (!this.push(chunk)) this.#req.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };

  readonly #onClose = (): void => {
    if (!this.#req.complete) this.destroy(new Error('The caller left in the middle of the body.'));
  };
}
