// The hot path: one request to its upstream and the answer back, with back-pressure and abort both ways.
import type { Readable } from 'node:stream';
import type { Call } from './call.ts';
import { EventStream } from './event-stream.ts';
import { publicEndpoint } from './public-address.ts';
import type { AddressMap } from './public-address.ts';
import { responseHead } from './response-headers.ts';
import type { ResponseHead } from './response-headers.ts';
import { responseHeaderKind } from './header-kind.ts';
import { commentLine } from './stream-comments.ts';
import type { CommentTarget, StreamComments } from './stream-comments.ts';
import type { Upstream, UpstreamControls, UpstreamListener } from './upstream.ts';

/** What is sent, made anew for each attempt. */
export interface Attempt {
  readonly origin: string;
  readonly guarded: boolean;
  readonly longLived: boolean;
  readonly method: string;
  readonly path: string;
  readonly headers: string[];
  readonly body: Buffer | Readable | null;
  readonly addresses: AddressMap;
  /** Public path of a call that carried a key; `undefined` for other calls. */
  readonly keyedPath: string | undefined;
}

/** How an attempt ended that brought no answer. */
export interface AttemptFailure {
  readonly error: Error;
  /** Whether a byte of the request may have reached the upstream. */
  readonly sent: boolean;
}

/** What all exchanges share. */
export interface ExchangeParts {
  readonly upstream: Upstream;
  readonly comments: StreamComments;
  readonly cookiePrefix: string;
  readonly now: () => number;
}

/** Sends one attempt and streams its answer to the caller. Resolves when the answer has begun, or with why there is none. */
export function exchange(call: Call, attempt: Attempt, parts: ExchangeParts): Promise<AttemptFailure | undefined> {
  return new Promise((settle) => {
    const running = new Exchange(call, attempt, parts, settle);
    call.abort = () => running.stop();
    parts.upstream.send(attempt, running);
  });
}

class Exchange implements UpstreamListener, CommentTarget {
  lastByteAt = 0;
  readonly #call: Call;
  readonly #attempt: Attempt;
  readonly #parts: ExchangeParts;
  readonly #settle: (failure: AttemptFailure | undefined) => void;
  #controls: UpstreamControls | undefined;
  #events: EventStream | undefined;
  #bodyBegun = false;
  #waitsForDrain = false;

  constructor(call: Call, attempt: Attempt, parts: ExchangeParts, settle: (failure: AttemptFailure | undefined) => void) {
    this.#call = call;
    this.#attempt = attempt;
    this.#parts = parts;
    this.#settle = settle;
  }

  /** The call is over: whatever still runs upstream is cut. */
  stop(): void {
    this.#parts.comments.remove(this);
    this.#controls?.abort();
    this.#settle(undefined);
  }

  onStart(controls: UpstreamControls): void {
    this.#controls = controls;
    if (this.#call.over) controls.abort();
  }

  onInformation(status: number): void {
    if (status === 102 && this.#call.req.httpVersionMinor === 1 && !this.#call.res.headersSent) this.#call.res.writeProcessing();
  }

  onHead(status: number, message: string, raw: string[]): void {
    const { res, requestId, cors } = this.#call;
    const { addresses, keyedPath } = this.#attempt;
    const head = responseHead(status, raw, { addresses, keyedPath, cookiePrefix: this.#parts.cookiePrefix, requestId, cors });
    res.writeHead(status, isReasonPhrase(message) ? message : undefined, head.headers);
    this.#settle(undefined);
    if (head.contentType === 'text/event-stream') this.#openEventStream(head);
    else process.nextTick(flushUnlessBegun, this);
  }

  onData(chunk: Buffer): boolean {
    this.#bodyBegun = true;
    const passed = this.#events === undefined ? chunk : this.#passEvents(chunk);
    return passed === undefined || this.#write(passed);
  }

  onEnd(trailers: string[]): void {
    this.#parts.comments.remove(this);
    const { res } = this.#call;
    const rest = this.#events?.rest();
    if (rest !== undefined) this.#write(rest);
    if (trailers.length > 0) res.addTrailers(safeTrailers(trailers));
    this.#call.abort = undefined;
    res.end();
  }

  onError(error: Error): void {
    this.#parts.comments.remove(this);
    if (this.#call.res.headersSent) this.#cut('ERR_PROXY_RESET');
    else this.#settle({ error, sent: this.#controls !== undefined });
  }

  writeComment(): void {
    const { res, over } = this.#call;
    if (over || res.writableNeedDrain || this.#events?.betweenEvents !== true) return;
    this.#write(Buffer.from(commentLine));
  }

  flushUnlessBegun(): void {
    if (!this.#bodyBegun && !this.#call.over && !this.#call.res.writableEnded) this.#call.res.flushHeaders();
  }

  #openEventStream(head: ResponseHead): void {
    const { req, res } = this.#call;
    res.flushHeaders();
    req.socket.setKeepAlive(true, 30_000);
    // Bytes that a server compressed or counted cannot be added to.
    if (head.contentEncoding !== '' || head.counted) return;
    this.#events = new EventStream(this.#attempt.method === 'GET' ? (endpoint) => this.#publicEndpoint(endpoint) : undefined);
    this.lastByteAt = this.#parts.now();
    this.#parts.comments.add(this);
  }

  #publicEndpoint(endpoint: string): string {
    const address = publicEndpoint(endpoint, this.#attempt.path, this.#attempt.addresses);
    if (address === undefined) throw new Error('The endpoint event names a foreign origin.');
    return address;
  }

  #passEvents(chunk: Buffer): Buffer | undefined {
    try {
      return this.#events?.pass(chunk);
    } catch {
      this.#cut('ERR_PROXY_ANSWER');
      return undefined;
    }
  }

  #write(chunk: Buffer): boolean {
    const { res } = this.#call;
    this.#call.bytesSent += chunk.length;
    this.lastByteAt = this.#parts.now();
    if (res.write(chunk)) return true;
    if (!this.#waitsForDrain) {
      this.#waitsForDrain = true;
      res.once('drain', () => {
        this.#waitsForDrain = false;
        this.#controls?.resume();
      });
    }
    return false;
  }

  /** An answer that broke off must not look whole: the caller's connection is destroyed. */
  #cut(code: string): void {
    this.#call.outcome = 'upstream-failed';
    this.#call.code = code;
    this.#controls?.abort();
    this.#call.res.destroy();
  }
}

/** A head must not wait for a body that may be long in coming; one that came with its body goes out in one piece with it. */
function flushUnlessBegun(running: Exchange): void {
  running.flushUnlessBegun();
}

function isReasonPhrase(message: string): boolean {
  for (let index = 0; index < message.length; index += 1) {
    const code = message.charCodeAt(index);
    if (code > 126 || (code < 32 && code !== 9)) return false;
  }
  return message !== '';
}

function safeTrailers(trailers: string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < trailers.length; index += 2) {
    const name = trailers[index] as string;
    if (responseHeaderKind(name) === 'pass') pairs.push([name, trailers[index + 1] as string]);
  }
  return pairs;
}
