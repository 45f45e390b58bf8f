// The hot path, from a request's first line to the last byte of its answer: one object a call, no turn of the event loop it does not need.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRunlayerError } from '@runlayer/errors';
import type { Subject } from '@runlayer/identity-forward';
import type { AccessRecord } from './access-record.ts';
import { admit, noDocuments, notFound } from './admission.ts';
import type { Admission } from './admission.ts';
import { answerPreflight, isPreflight } from './cors.ts';
import { fail } from './error-codes.ts';
import { EventRelay } from './event-relay.ts';
import { EventStream } from './event-stream.ts';
import type { AttemptFailure } from './attempt-failure.ts';
import { CallSession } from './call-session.ts';
import { checkForm, checkServing, isReasonPhrase, safeTrailers } from './call-checks.ts';
import type { ProxyParts } from './parts.ts';
import { answerError } from './own-answer.ts';
import { publicEndpoint } from './public-address.ts';
import type { Place } from './prepared-route.ts';
import { refusalHeaders } from './refusal.ts';
import { bodyTooLong, readWhole, RequestBody } from './request-body.ts';
import { readRequestHead } from './request-head.ts';
import type { RequestHead } from './request-head.ts';
import { requestHeaders } from './request-headers.ts';
import { publicPathOf, readTarget } from './request-target.ts';
import type { RequestTarget } from './request-target.ts';
import { responseHead } from './response-headers.ts';
import type { ResponseHead } from './response-headers.ts';
import type { Listed } from './live-list.ts';
import { givesBack } from './give-back.ts';
import { mcpNameFromHeaders, mcpNameOfBody } from './mcp-name.ts';
import type { McpName } from './mcp-name.ts';
import { nextTry } from './retry.ts';
import type { Again } from './retry.ts';
import { signToken } from './sign-token.ts';
import { sooner } from './sooner.ts';
import type { UpstreamControls, UpstreamListener } from './upstream.ts';
import { isRequestFault, unreachable, upstreamFailure } from './upstream-failure.ts';
import { upstreamPath } from './upstream-path.ts';
import { checkDocumentMethod, mayBeElsewhere, readWellKnownTarget } from './well-known.ts';

/** One call. */
export class Call implements UpstreamListener, Listed {
  listIndex = -1;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly startedAt: number;
  readonly requestId: string = randomUUID();
  /** Whether the answer has ended or the caller has left: nothing more can be sent. */
  over = false;
  target: RequestTarget | undefined = undefined;
  head: RequestHead | undefined = undefined;
  admission: Admission | undefined = undefined;
  outcome: AccessRecord['outcome'] = 'complete';
  code: string | undefined = undefined;
  bytesSent = 0;
  lastByteAt = 0;
  /** When the head of the answer came; 0 before. */
  answeredAt = 0;
  mcp: McpName | undefined = undefined;
  /** Why it was sent again, each reason once. */
  readonly tried: Again[] = [];
  /** When a body that is read whole must have come; 0 while none is. */
  #bodyDeadline = 0;
  readonly #parts: ProxyParts;
  /** Set once the call counts as its caller's. */
  #session: CallSession | undefined = undefined;
  #place: Place | undefined = undefined;
  #path = '';
  /** Where else a discovery document may be. */
  #documents: readonly string[] = noDocuments;
  /** What is sent, for as long as it may be sent again. */
  body: Buffer | RequestBody | null = null;
  #controls: UpstreamControls | undefined = undefined;
  #events: EventRelay | undefined = undefined;
  #hasBegun = false;
  #waitsForDrain = false;
  isEventStream = false;

  constructor(req: IncomingMessage, res: ServerResponse, parts: ProxyParts) {
    this.req = req;
    this.res = res;
    this.#parts = parts;
    this.startedAt = parts.settings.now();
  }

  get bytesReceived(): number {
    return this.body === null ? 0 : this.body instanceof RequestBody ? this.body.received : this.body.length;
  }

  get organizationId(): string | undefined {
    return this.admission?.prepared.route.organizationId;
  }

  get subject(): Subject | undefined {
    return this.admission?.subject;
  }

  // 1. Who calls, and what for.

  begin(awaitsContinue: boolean): void {
    try {
      const { req, res } = this;
      const head = (this.head = readRequestHead(req.rawHeaders));
      checkForm(req.method, head, this.#parts.guard);
      if (head.origin !== undefined && isPreflight(req)) return answerPreflight(req, res);
      const target = (this.target = readTarget(req.url ?? '') ?? readWellKnownTarget(req.url ?? ''));
      if (target === undefined) throw fail('ERR_PROXY_NOT_FOUND', 'The address names no deployment and no connector.');
      checkDocumentMethod(target, req.method);
      const admitted = sooner(admit(target, head, this.#parts), (admission) => this.#admitted(admission, target, head, awaitsContinue));
      if (admitted instanceof Promise) admitted.catch((error: unknown) => this.refuse(error));
    } catch (error) {
      this.refuse(error);
    }
  }

  #admitted(admission: Admission, target: RequestTarget, head: RequestHead, awaitsContinue: boolean): void {
    // Whoever left meanwhile has been counted out already, so must not be counted in.
    if (this.over) return;
    this.admission = admission;
    checkServing(admission);
    const path = admission.documents[0] ?? upstreamPath(target, admission.prepared, this.req.method ?? 'GET');
    if (path === undefined) throw notFound(target);
    this.#path = path;
    if (admission.documents.length > 1) this.#documents = admission.documents.slice(1);
    const session = (this.#session = new CallSession(
      { method: this.req.method ?? 'GET', path, sessionId: head.sessionId, lastEventId: head.lastEventId },
      admission,
      this.#parts,
    ));
    const placed = sooner(session.place(), (endpoint) => {
      session.endpoint = endpoint;
      this.#readBody(head, awaitsContinue);
    });
    if (placed instanceof Promise) placed.catch((error: unknown) => this.refuse(error));
  }

  // 2. The body: whole when it is short, so that it goes out in one piece with the head and can be sent again.

  #readBody({ hasBody, contentLength, isChunked }: RequestHead, awaitsContinue: boolean): void {
    if (this.over) return;
    const { wholeBodyBytes, requestBodyBytes, wholeBodyMs, now } = this.#parts.settings;
    if (!hasBody) return this.#attempt();
    const length = isChunked ? Infinity : Number(contentLength);
    if (requestBodyBytes > 0 && !isChunked && length > requestBodyBytes) throw bodyTooLong(requestBodyBytes);
    if (awaitsContinue) this.res.writeContinue();
    if (length > wholeBodyBytes) {
      this.body = new RequestBody(this.req, requestBodyBytes);
      return this.#attempt();
    }
    this.#bodyDeadline = now() + wholeBodyMs;
    readWhole(this.req, length, (body) => {
      this.#bodyDeadline = 0;
      this.body = body;
      if (!this.over) this.#attempt();
    });
  }

  // 3. To the upstream. A token serves one request: each attempt has its own.

  #attempt(failed?: Place): void {
    try {
      const { prepared, subject } = this.admission as Admission;
      const { breaker } = this.#parts;
      const endpoint = this.#session?.endpoint;
      const place = endpoint === undefined ? prepared.nextPlace(breaker, failed) : prepared.placeOf(endpoint);
      if (place === undefined) throw unreachable(prepared, breaker);
      this.#place = place;
      const sent = sooner(signToken(this.#parts.sign, prepared.route, subject), (token) => this.#send(place, token));
      if (sent instanceof Promise) sent.catch((error: unknown) => this.refuse(error));
    } catch (error) {
      this.refuse(error);
    }
  }

  #send(place: Place, token: string | undefined): void {
    if (this.over) return;
    const { req } = this;
    const head = this.head as RequestHead;
    const { prepared, subject, dropAuthorization } = this.admission as Admission;
    const longLived = head.acceptsEvents && req.method === 'GET';
    const headers = requestHeaders(head, {
      host: prepared.host,
      forwarded: prepared.forwarded,
      remoteAddress: req.socket.remoteAddress,
      cookiePrefix: this.#parts.settings.cookiePrefix,
      dropAuthorization,
      anonymous: subject === undefined,
      plainAnswer: longLived,
      subject: prepared.route.forward.headers ? (subject ?? prepared.anonymous) : undefined,
      token,
    });
    const body = this.body;
    const upstream = prepared.guarded ? this.#parts.guardedUpstream : this.#parts.upstream;
    upstream.send(
      {
        origin: place.origin,
        guarded: prepared.guarded,
        longLived,
        method: req.method ?? 'GET',
        path: this.#path,
        headers,
        body,
        trailers: body instanceof RequestBody ? () => body.trailers() : undefined,
      },
      this,
    );
    this.mcp ??= (body instanceof Buffer ? mcpNameOfBody(body) : undefined) ?? mcpNameFromHeaders(head.mcpMethod, head.mcpName);
  }

  onStart(controls: UpstreamControls): void {
    this.#controls = controls;
    if (this.over) controls.abort();
  }

  // 4. The answer.

  onInformation(status: number): void {
    if (status === 102 && this.req.httpVersionMinor === 1 && !this.res.headersSent) this.res.writeProcessing();
  }

  onWhole(status: number, message: string, raw: string[], body: string): void {
    this.#controls = undefined;
    if (this.#asksElsewhere(status)) return;
    try {
      const head = this.#writeHead(status, message, raw);
      if (head.contentType === 'text/event-stream' && !head.counted && body !== '') return this.#passWholeStream(head, body);
      this.bytesSent = body.length;
      this.#parts.writes.end(this.res, body);
    } catch (error) {
      this.#refuseAnswer(error);
    }
  }

  onHead(status: number, message: string, raw: string[]): void {
    if (this.#asksElsewhere(status)) return;
    let head: ResponseHead;
    try {
      head = this.#writeHead(status, message, raw);
    } catch (error) {
      return this.#refuseAnswer(error);
    }
    this.isEventStream = head.contentType === 'text/event-stream';
    if (this.isEventStream) this.#openEventStream(head);
    // A head must not wait for a body that may be long in coming; one that came with its body goes out in one piece with it.
    else process.nextTick(flushUnlessBegun, this);
  }

  onData(chunk: Buffer, isOwn = false): boolean {
    this.#hasBegun = true;
    if (this.#events === undefined) return this.#write(chunk, isOwn ? givesBack(chunk) : undefined);
    const passed = this.#passEvents(chunk);
    return passed === undefined || this.#write(passed);
  }

  onEnd(trailers: string[]): void {
    const rest = this.#events?.end();
    if (rest !== undefined) this.#write(rest);
    if (trailers.length > 0) this.res.addTrailers(safeTrailers(trailers));
    this.#controls = undefined;
    this.res.end();
  }

  onError(cause: Error): void {
    if (this.over) return;
    const failure = { error: cause, sent: this.#controls !== undefined, place: this.#place as Place };
    this.#controls = undefined;
    if (this.res.headersSent) return this.#cut('ERR_PROXY_RESET');
    this.#tryAgain(failure).catch((reason: unknown) => this.refuse(reason));
  }

  async #tryAgain(failure: AttemptFailure): Promise<void> {
    if (!failure.sent && !isRequestFault(failure.error)) {
      this.#parts.breaker.failed(failure.place.instance, failure.error);
      this.#session?.unreachable();
    }
    this.admission = await nextTry(this, failure, this.#parts);
    if (!this.over) this.#attempt(failure.place);
  }

  /** A discovery document that is not here may be at the next of its paths. */
  #asksElsewhere(status: number): boolean {
    const next = this.#documents[0];
    if (next === undefined || !mayBeElsewhere(status) || this.body instanceof RequestBody) return false;
    this.#documents = this.#documents.slice(1);
    this.#path = next;
    this.#controls?.abort();
    this.#controls = undefined;
    this.#attempt();
    return true;
  }

  /** An answer that cannot be passed on. */
  #refuseAnswer(error: unknown): void {
    const failure = { error: error as Error, sent: true, place: this.#place as Place };
    this.refuse(upstreamFailure(failure, (this.admission as Admission).prepared));
  }

  #writeHead(status: number, message: string, raw: string[]): ResponseHead {
    const { prepared, keyed } = this.admission as Admission;
    const head = responseHead(status, raw, {
      addresses: prepared.addresses,
      keyedPath: keyed ? publicPathOf(this.target as RequestTarget) : undefined,
      cookiePrefix: this.#parts.settings.cookiePrefix,
      requestId: this.requestId,
      cors: this.head?.origin !== undefined,
      asksForEvents: this.head?.acceptsEvents === true && this.req.method === 'GET',
    });
    this.answeredAt = this.#parts.settings.now();
    this.res.writeHead(status, isReasonPhrase(message) ? message : undefined, head.headers);
    const { instance, endpoint } = this.#place as Place;
    this.#parts.breaker.succeeded(instance);
    this.#session?.answered(status, head.sessionId, endpoint);
    return head;
  }

  #write(chunk: Buffer, sent?: () => void): boolean {
    this.bytesSent += chunk.length;
    this.lastByteAt = this.#parts.settings.now();
    if (this.res.write(chunk, sent)) return true;
    if (!this.#waitsForDrain) {
      this.#waitsForDrain = true;
      this.res.once('drain', () => {
        this.#waitsForDrain = false;
        this.#controls?.resume();
      });
    }
    return false;
  }

  // 5. Event streams: the old transport's endpoint made public, comments into long silence.

  #openEventStream(head: ResponseHead): void {
    const { req, res } = this;
    const { comments, settings } = this.#parts;
    res.flushHeaders();
    req.socket.setKeepAlive(true, 30_000);
    // Bytes that a server compressed or counted cannot be added to.
    if (head.contentEncoding !== '' || head.counted) return;
    this.#events = new EventRelay(new EventStream(req.method === 'GET' ? (endpoint) => this.#publicEndpoint(endpoint) : undefined), {
      comments,
      now: settings.now,
      noteIds: (this.#session as CallSession).watchEvents(),
      keepsUp: () => !this.over && !res.writableNeedDrain,
      write: (chunk) => this.#write(chunk),
    });
  }

  /** One that came with a length, which it has no more. */
  #passWholeStream(head: ResponseHead, body: string): void {
    this.isEventStream = true;
    this.#openEventStream(head);
    const passed = this.#passEvents(Buffer.from(body, 'latin1'));
    if (this.res.destroyed) return;
    if (passed !== undefined) this.#write(passed);
    this.onEnd([]);
  }

  #publicEndpoint(endpoint: string): string {
    const { prepared } = this.admission as Admission;
    const address = publicEndpoint(endpoint, this.#path, prepared.addresses);
    if (address === undefined) throw new Error('The endpoint event names a foreign origin.');
    this.#session?.namedEndpoint(endpoint, prepared, this.#place?.endpoint);
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

  flushUnlessBegun(): void {
    if (!this.#hasBegun && !this.over && !this.res.writableEnded) this.res.flushHeaders();
  }

  // 6. The end.

  /** Answers with an error of the platform's own; too late for one, the connection is cut. */
  refuse(thrown: unknown): void {
    if (this.over) return;
    const error = isRunlayerError(thrown) ? thrown : fail('ERR_PROXY_INTERNAL', 'The proxy met an unexpected error.', { cause: thrown });
    if (this.res.headersSent) return this.#cut(error.code);
    this.code = error.code;
    this.outcome = 'refused';
    this.#stop();
    const headers = refusalHeaders(error, this.target, this.#parts.settings);
    answerError(this.res, error, { requestId: this.requestId, cors: this.req.headers.origin !== undefined, headers });
  }

  /** An answer that broke off must not look whole: the caller's connection is destroyed. */
  #cut(code: string): void {
    this.outcome = 'upstream-failed';
    this.code = code;
    this.#stop();
    this.res.destroy();
  }

  /** Whatever still runs upstream is cut. */
  #stop(): void {
    this.#controls?.abort();
    this.#controls = undefined;
  }

  /** Ends what takes too long. Called now and then while the call runs. */
  checkTime(now: number): void {
    if (this.#bodyDeadline > 0 && now > this.#bodyDeadline) return this.refuse(fail('ERR_PROXY_BODY', 'The body did not arrive in time.'));
    const { idleTimeoutMs } = this.#parts.settings;
    const waits = this.answeredAt === 0 || this.isEventStream || this.res.writableNeedDrain;
    if (idleTimeoutMs > 0 && !waits && now - Math.max(this.lastByteAt, this.answeredAt) > idleTimeoutMs) this.#cut('ERR_PROXY_IDLE');
  }

  /** Nothing more can be sent. */
  end(): void {
    this.over = true;
    this.#session?.leave();
    this.#bodyDeadline = 0;
    this.#events?.end();
    this.#stop();
  }
}

function flushUnlessBegun(call: Call): void {
  call.flushUnlessBegun();
}
