// One connection to an upstream: it carries one request at a time, and is worth nothing once there is any doubt about it.
import { connect } from 'node:net';
import type { OnReadOpts, Socket } from 'node:net';
import type { UpstreamListener, UpstreamRequest } from '../upstream.ts';
import { AnswerParser } from './answer-parser.ts';
import type { AnswerSink } from './answer-parser.ts';
import { BodyPump } from './body-pump.ts';
import type { PumpOwner } from './body-pump.ts';
import type { Deadlines, Watched } from './deadlines.ts';
import { Http1Error } from './http1-error.ts';
import { ReadBuffer } from './read-buffer.ts';
import type { RequestText } from './request-text.ts';
import { Transaction } from './transaction.ts';
import type { Carrier } from './transaction.ts';

/** Bounds of a connection in milliseconds; 0 for none. */
export interface ConnectionTimes {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
}

/** Where a connection is kept between requests. */
export interface ConnectionHome {
  readonly host: string;
  readonly port: number;
  readonly times: ConnectionTimes;
  readonly deadlines: Deadlines<Connection>;
  readonly writes: Writes;
  /** It is idle and may be given another request. */
  onIdle(connection: Connection): void;
  /** It is closed. */
  onGone(connection: Connection): void;
}

/** Writes a whole request, at once or together with others of this turn of the event loop; nothing to a socket that is closed by then. */
export interface Writes {
  write(socket: Socket, text: string): void;
}

/** A server's own hint is honoured less a second, and never beyond a minute. */
const hintMarginMs = 1_000;
const mostIdleMs = 60_000;

const probeMs = 30_000;

/** A connection that took so long was not answered at once: its first packets found nobody, and a second is when they are sent again. */
const lateMs = 900;

/** Head and body up to so many bytes are written as one string. */
const oneWrite = 16_384;

/** Told to `close`, it fails what it carries; a listener's own errors come back to it in `onError`. */
export class Connection implements AnswerSink, PumpOwner, Watched, Carrier {
  deadline: number = Infinity;
  readonly #home: ConnectionHome;
  readonly #socket: Socket;
  readonly #parser: AnswerParser = new AnswerParser(this);
  readonly #buffer: ReadBuffer = new ReadBuffer();
  readonly #begun: number = performance.now();
  #transaction: Transaction | undefined;
  #pump: BodyPump | undefined;
  #connected = false;
  #paused = false;
  /** Trailers of an answer that ended while its listener paused. */
  #endHeld: string[] | undefined;
  /** The body in the current read: `#spanEnd` is 0 for none. Pieces of chunks are moved together, so that they go on in one. */
  #reading: Buffer | undefined;
  #readLength = 0;
  #spanStart = 0;
  #spanEnd = 0;

  constructor(home: ConnectionHome) {
    this.#home = home;
    // Node takes `undefined` from `buffer` as leave to go on with the one it has.
    const onread = { buffer: () => this.#buffer.next(), callback: (length: number, bytes: Buffer) => this.#read(bytes, length) };
    this.#socket = connect({
      host: home.host,
      port: home.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: probeMs,
      autoSelectFamily: false,
      onread: onread as unknown as OnReadOpts,
    });
    this.#socket
      .on('connect', () => this.#onConnect())
      .on('end', () => this.#onPeerEnd())
      .on('error', (error) => this.#fail(error))
      .on('close', () => this.#onClose());
    home.deadlines.watched.add(this);
  }

  /** Sends a request as soon as the connection is open. Only for a connection that is new or idle. */
  send(request: UpstreamRequest, text: RequestText, listener: UpstreamListener): void {
    this.#transaction = new Transaction(this, request, text, listener);
    if (this.#connected) this.#start(this.#transaction);
    else this.#home.deadlines.set(this, this.#home.times.connectMs);
  }

  /** Whether it can carry a request now. */
  get usable(): boolean {
    return !this.#socket.destroyed && this.deadline > performance.now();
  }

  /** Closes it; a request that runs is told so. Resolves when it is closed. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
    this.#fail(new Http1Error('UND_ERR_DESTROYED', 'The client was closed.'));
    return closed;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    const trailers = this.#endHeld;
    if (trailers !== undefined) this.#complete(trailers);
    else this.#socket.resume();
  }

  abort(): void {
    this.#detach();
    this.#socket.destroy();
  }

  expire(now: number): void {
    const { firstByteMs } = this.#home.times;
    if (this.#transaction === undefined) this.abort();
    else if (!this.#connected) this.#fail(new Http1Error('UND_ERR_CONNECT_TIMEOUT', 'The connection could not be opened in time.'));
    // A body that is slow in coming is no fault of the upstream.
    else if (this.#pump !== undefined && !this.#pump.stalled) this.deadline = now + firstByteMs;
    else this.#fail(new Http1Error('UND_ERR_HEADERS_TIMEOUT', 'The answer did not begin in time.'));
  }

  #onConnect(): void {
    this.#connected = true;
    if (this.#transaction === undefined) this.#socket.destroy();
    else if (this.#isLate()) this.#fail(new Http1Error('UND_ERR_CONNECT_TIMEOUT', 'The connection came late.'));
    else this.#start(this.#transaction);
  }

  /** The address may have gone to another server since it was looked up, one that must not get this request. */
  #isLate(): boolean {
    return performance.now() - this.#begun > lateMs && this.#home.deadlines.stalledAt < this.#begun;
  }

  #start(transaction: Transaction): void {
    try {
      transaction.listener.onStart(transaction);
    } catch (error) {
      this.#fail(error as Error);
    }
    if (this.#transaction !== transaction) return;
    const request = transaction.request as UpstreamRequest;
    const text = transaction.text as RequestText;
    transaction.request = undefined;
    transaction.text = undefined;
    this.#parser.begin(request.method === 'HEAD');
    this.#home.deadlines.set(this, this.#home.times.firstByteMs);
    this.#write(request, text);
  }

  #write({ body, trailers }: UpstreamRequest, { head, length }: RequestText): void {
    const socket = this.#socket;
    if (body === null) this.#home.writes.write(socket, head);
    else if (!Buffer.isBuffer(body)) {
      socket.write(head, 'latin1');
      this.#pump = new BodyPump(body, length, trailers, socket, this);
      this.#pump.start();
    } else if (head.length + body.length <= oneWrite) this.#home.writes.write(socket, head + body.toString('latin1'));
    else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    }
  }

  onBodySent(): void {
    this.#pump = undefined;
  }

  onBodyFailed(error: Error): void {
    this.#pump = undefined;
    this.#fail(error);
  }

  onBodyProgress(): void {
    if (this.deadline !== Infinity) this.#home.deadlines.set(this, this.#home.times.firstByteMs);
  }

  #read(bytes: Buffer, length: number): boolean {
    // A byte that nobody asked for: whatever it is, it must not be taken for the next answer.
    if (this.#transaction === undefined || !this.#parser.busy) {
      this.abort();
      return true;
    }
    this.#reading = bytes;
    this.#readLength = length;
    try {
      this.#parser.read(bytes, length);
      if (this.#spanEnd !== 0) this.#passSpan();
    } catch (error) {
      this.#fail(error as Error);
    }
    this.#reading = undefined;
    return true;
  }

  onInformation(status: number, headers: string[]): void {
    this.#transaction?.listener.onInformation(status, headers);
  }

  onHead(status: number, message: string, headers: string[]): void {
    this.deadline = Infinity;
    this.#transaction?.listener.onHead(status, message, headers);
  }

  onWhole(status: number, message: string, headers: string[], body: string): void {
    const listener = this.#finish();
    try {
      listener?.onWhole(status, message, headers, body);
    } catch (error) {
      listener?.onError(error as Error);
    }
  }

  onBody(start: number, end: number): void {
    if (this.#spanEnd === 0) {
      this.#spanStart = start;
      this.#spanEnd = end;
    } else {
      this.#reading?.copyWithin(this.#spanEnd, start, end);
      this.#spanEnd += end - start;
    }
  }

  onEnd(trailers: string[]): void {
    if (this.#spanEnd !== 0) this.#passSpan();
    this.#buffer.release(this.#reading);
    if (this.#paused) this.#endHeld = trailers;
    else this.#complete(trailers);
  }

  #passSpan(): void {
    const chunk = this.#buffer.take(this.#reading as Buffer, this.#spanStart, this.#spanEnd, this.#readLength);
    this.#spanEnd = 0;
    if (this.#transaction?.listener.onData(chunk, true) !== false || this.#transaction === undefined) return;
    this.#paused = true;
    this.#socket.pause();
  }

  #complete(trailers: string[]): void {
    const listener = this.#finish();
    try {
      listener?.onEnd(trailers);
    } catch (error) {
      listener?.onError(error as Error);
    }
  }

  /** The answer is complete: the connection goes back, or away. Returns whom to tell. */
  #finish(): UpstreamListener | undefined {
    const listener = this.#transaction?.listener;
    if (listener === undefined) return undefined;
    const { times, deadlines } = this.#home;
    const idleMs = this.#idleMs(times.idleMs);
    // A connection that paused until now may have been closed by its server, or have bytes waiting that nobody asked for.
    const fresh = this.#endHeld === undefined && this.#pump === undefined && this.#socket.writableLength === 0;
    const reusable = fresh && this.#parser.reusable && idleMs > 0;
    this.#detach();
    if (reusable) {
      deadlines.set(this, idleMs);
      this.#home.onIdle(this);
    } else this.#socket.destroy();
    return listener;
  }

  #idleMs(usual: number): number {
    const hint = this.#parser.framing.idleMs;
    return hint === -1 ? usual : Math.min(hint - hintMarginMs, mostIdleMs);
  }

  #onPeerEnd(): void {
    if (this.#transaction === undefined || !this.#parser.finish()) this.#lose();
    this.#socket.destroy();
  }

  #onClose(): void {
    this.#lose();
    this.#home.deadlines.watched.delete(this);
    this.#home.onGone(this);
  }

  #lose(): void {
    if (this.#transaction !== undefined)
      this.#fail(new Http1Error('ECONNRESET', 'The connection was closed before the answer was complete.'));
  }

  #fail(error: Error): void {
    const listener = this.#transaction?.listener;
    this.#detach();
    this.#socket.destroy();
    listener?.onError(error);
  }

  /** Parts from the request, which hears and steers nothing more. */
  #detach(): void {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    if (transaction !== undefined) transaction.carrier = undefined;
    this.#pump?.stop();
    this.#pump = undefined;
    this.#paused = false;
    this.#endHeld = undefined;
    this.#spanEnd = 0;
    this.deadline = Infinity;
  }
}
