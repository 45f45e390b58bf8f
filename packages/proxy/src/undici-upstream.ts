// The upstream port on undici's dispatcher: one connection per running request, idle ones kept for the next.
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { guardedConnector } from './guarded-connect.ts';
import type { AddressGuard } from './guarded-connect.ts';
import type { Upstream, UpstreamControls, UpstreamLimits, UpstreamListener } from './upstream.ts';

/** Connections are not capped: a cap makes one stream too many wait for ever. */
export function createUndiciUpstream(limits: UpstreamLimits, guard: Omit<AddressGuard, 'timeoutMs'>): Upstream {
  const shared = {
    allowH2: false,
    connections: null,
    headersTimeout: limits.firstByteTimeoutMs,
    // An event stream may be silent for as long as it likes.
    bodyTimeout: 0,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // A server's own Keep-Alive hint is honoured less a second, and never beyond a minute.
    keepAliveMaxTimeout: 60_000,
    keepAliveTimeoutThreshold: 1_000,
    strictContentLength: true,
    maxHeaderSize: 65_536,
  } as const;
  const timeoutMs = limits.connectTimeoutMs;
  const direct = { ...shared, connect: { timeout: timeoutMs, allowH2: false } };
  const guarded = { ...shared, connect: guardedConnector({ ...guard, timeoutMs }) };
  const agents = {
    calls: new Agent(direct),
    streams: new Agent(direct),
    guardedCalls: new Agent(guarded),
    guardedStreams: new Agent(guarded),
  };
  return {
    send(request, listener) {
      const agent = request.guarded
        ? request.longLived
          ? agents.guardedStreams
          : agents.guardedCalls
        : request.longLived
          ? agents.streams
          : agents.calls;
      agent.dispatch(
        { origin: request.origin, method: request.method, path: request.path, headers: request.headers, body: request.body },
        new DispatchListener(listener),
      );
    },
    async close() {
      await Promise.all(Object.values(agents).map((agent) => agent.destroy()));
    },
  };
}

/** Speaks undici's dispatch handler on one side and our listener on the other. */
class DispatchListener implements Dispatcher.DispatchHandler, UpstreamControls {
  #controller: Dispatcher.DispatchController | undefined;
  readonly #listener: UpstreamListener;
  #ended = false;

  constructor(listener: UpstreamListener) {
    this.#listener = listener;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#listener.onStart(this);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: unknown, message?: string): void {
    const headers = text(controller.rawHeaders);
    if (status < 200) this.#listener.onInformation(status, headers);
    else this.#listener.onHead(status, message ?? '', headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#listener.onData(chunk)) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.#ended = true;
    try {
      this.#listener.onEnd(text(controller.rawTrailers));
    } catch (error) {
      // undici would keep it to itself.
      this.#listener.onError(error as Error);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#listener.onError(error);
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#controller?.abort(new Error('aborted'));
  }
}

/** Header bytes as text, one character a byte: so they go out again as they came in. */
function text(headers: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(headers)) return [];
  return headers.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
