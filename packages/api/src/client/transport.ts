// Sends one request: with a deadline, without following redirects, and again only where that is safe.
import { isRunlayerError } from '@runlayer/errors';
import { apiError } from '../error-codes.ts';
import { boundedBody } from './bounded-body.ts';
import { reasonOf, unreachable } from './unreachable.ts';

/** What the transport needs to know. */
export interface TransportOptions {
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds until an answer is whole. */
  readonly timeoutMs: number;
  /** Milliseconds to wait before each further try of a safe request. */
  readonly retryDelaysMs: readonly number[];
}

/**
 * Sends; reads the answer whole. A GET whose connection is refused or cut is sent again after each of `retryDelaysMs`;
 * anything else is sent once, because a server that did not answer may have acted.
 * @throws ERR_SERVER_UNREACHABLE, ERR_SERVER_REDIRECTED, ERR_SERVER_ANSWER_UNREADABLE, or the reason of an abort as it is.
 */
export async function send(request: Request, options: TransportOptions): Promise<Response> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await sendOnce(request.clone(), options);
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason;
      if (isRunlayerError(error)) throw error;
      const delay = mayRepeat(request, error) ? options.retryDelaysMs[tries] : undefined;
      if (delay === undefined) throw unreachable(request, error);
      await pause(delay, request.signal);
    }
  }
}

async function sendOnce(request: Request, options: TransportOptions): Promise<Response> {
  // Redirects are not followed: fetch would carry the key to the address they name.
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(options.timeoutMs)]);
  const response = await options.fetch(request, { signal, redirect: 'manual' });
  if (response.status >= 300 && response.status < 400) throw redirected(request, response);
  return await boundedBody(response);
}

function redirected(request: Request, response: Response): Error {
  const target = URL.parse(response.headers.get('location') ?? '', request.url);
  const to = target === null ? '' : ` to ${target.origin}${target.pathname}`;
  const { pathname } = new URL(request.url);
  return apiError('ERR_SERVER_REDIRECTED', `The server redirects ${request.method} ${pathname}${to}.`, {
    data: { method: request.method, path: pathname, status: response.status },
  });
}

function mayRepeat(request: Request, error: unknown): boolean {
  const reason = reasonOf(error);
  return request.method === 'GET' && (reason === 'refused' || reason === 'reset');
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', aborted, { once: true });
    function done(): void {
      signal.removeEventListener('abort', aborted);
      resolve();
    }
    function aborted(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
  });
}
