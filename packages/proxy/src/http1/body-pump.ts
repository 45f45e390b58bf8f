// Sends a streamed request body, only as fast as the upstream takes it, and only as long as it was said to be.
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { givesBack } from '../give-back.ts';
import { Http1Error } from './http1-error.ts';
import { lengthMismatch, trailerText } from './request-text.ts';

/** Is told how the sending went. */
export interface PumpOwner {
  onBodySent(): void;
  onBodyFailed(error: Error): void;
  /** Something was sent. */
  onBodyProgress(): void;
}

/** Pieces up to so many bytes are written in one string with their chunk lines. */
const short = 4_096;

/** Moves one body from a stream to a socket. */
export class BodyPump {
  /** Whether it waits for the upstream, not for the body. */
  stalled = false;
  readonly #body: Readable;
  readonly #socket: Socket;
  readonly #trailers: (() => string[]) | undefined;
  readonly #owner: PumpOwner;
  /** Bytes still to come; -1 for a chunked body. */
  #left: number;

  constructor(body: Readable, length: number, trailers: (() => string[]) | undefined, socket: Socket, owner: PumpOwner) {
    this.#body = body;
    this.#left = length;
    this.#trailers = trailers;
    this.#socket = socket;
    this.#owner = owner;
  }

  start(): void {
    const body = this.#body;
    if (body.destroyed || body.readableEnded) return this.#owner.onBodyFailed(body.errored ?? brokenOff());
    this.#socket.on('drain', this.#onDrain);
    body.on('end', this.#onEnd).on('error', this.#onError).on('close', this.#onClose).on('data', this.#onData);
  }

  /** Sends no more; the rest of the body is given up. */
  stop(): void {
    this.#detach();
    // A body may still fail while it is being given up.
    this.#body.on('error', ignore).destroy();
  }

  #detach(): void {
    this.#socket.off('drain', this.#onDrain);
    this.#body.off('end', this.#onEnd).off('error', this.#onError).off('close', this.#onClose).off('data', this.#onData);
  }

  readonly #onData = (chunk: Buffer): void => {
    if (chunk.length === 0) return;
    if (this.#left !== -1 && chunk.length > this.#left) return this.#fail(lengthMismatch());
    if (this.#left !== -1) this.#left -= chunk.length;
    this.#owner.onBodyProgress();
    if (this.#write(chunk)) return;
    this.stalled = true;
    this.#body.pause();
  };

  readonly #onDrain = (): void => {
    this.stalled = false;
    this.#owner.onBodyProgress();
    this.#body.resume();
  };

  readonly #onEnd = (): void => {
    this.#detach();
    if (this.#left > 0) return this.#fail(lengthMismatch());
    try {
      if (this.#left === -1) this.#socket.write(`0\r\n${trailerText(this.#trailers?.() ?? [])}`, 'latin1');
    } catch (error) {
      return this.#fail(error as Error);
    }
    this.#owner.onBodySent();
  };

  readonly #onError = (error: Error): void => this.#fail(error);

  readonly #onClose = (): void => this.#fail(this.#body.errored ?? brokenOff());

  #fail(error: Error): void {
    this.stop();
    this.#owner.onBodyFailed(error);
  }

  #write(chunk: Buffer): boolean {
    const socket = this.#socket;
    if (this.#left !== -1) return socket.write(chunk, givesBack(chunk));
    const size = chunk.length.toString(16);
    if (chunk.length <= short) return socket.write(`${size}\r\n${chunk.toString('latin1')}\r\n`, 'latin1');
    socket.cork();
    socket.write(`${size}\r\n`, 'latin1');
    socket.write(chunk, givesBack(chunk));
    const goesOn = socket.write('\r\n', 'latin1');
    socket.uncork();
    return goesOn;
  }
}

function brokenOff(): Http1Error {
  return new Http1Error('UND_ERR_INVALID_ARG', 'The body broke off.');
}

function ignore(): void {}
