// Names the cause of a failed upstream request in words for the caller, without addresses inside the platform.
import { isRunlayerError } from '@runlayer/errors';
import type { RunlayerError } from '@runlayer/errors';
import type { AttemptFailure } from './attempt-failure.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { fail } from './error-codes.ts';
import type { ProxyErrorCode } from './error-codes.ts';
import type { Place, PreparedRoute } from './prepared-route.ts';
import { AddressRefused } from './upstream.ts';

/** Why an upstream gave no answer, or one that cannot be passed on. */
export function upstreamFailure({ error, sent }: AttemptFailure, prepared: PreparedRoute, retryAfterSeconds?: number): RunlayerError {
  if (isRunlayerError(error)) return error;
  const cause = rootOf(error);
  const code = codeOf(cause);
  const server = prepared.port === undefined ? `The server at ${prepared.host}` : 'The deployed server';
  const say = (ours: ProxyErrorCode, message: string): RunlayerError =>
    fail(ours, message, { cause: error, ...(retryAfterSeconds === undefined ? {} : { data: { retryAfterSeconds } }) });

  if (isRequestFault(cause))
    return say('ERR_PROXY_REQUEST', 'The request cannot be sent on: its method, a header or its length is not valid.');
  if (cause instanceof AddressRefused) return say('ERR_PROXY_ADDRESS', `${server} has an address that is not public.`);
  if (code === 'ECONNREFUSED') return say('ERR_PROXY_REFUSED', `${server} refuses connections${portHint(prepared)}.`);
  if (!sent) return say('ERR_PROXY_UNREACHABLE', `${server} could not be reached${code === '' ? '' : ` (${code})`}.`);
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return say('ERR_PROXY_TIMEOUT', `${server} did not begin its answer in time.`);
  if (cause.name === 'HTTPParserError' || answerCodes.has(code) || cause.message.startsWith('bad '))
    return say('ERR_PROXY_ANSWER', `${server} answered with something that is not HTTP/1.1.`);
  return say('ERR_PROXY_RESET', `${server} closed the connection before it answered.`);
}

/** Whether the request itself could not be written: no fault of the instance. */
export function isRequestFault(error: Error): boolean {
  return requestCodes.has(codeOf(error));
}

/** The error of a call that no instance may be tried for now: why they failed last, and when to come back. */
export function unreachable(prepared: PreparedRoute, breaker: CircuitBreaker): RunlayerError {
  const [place] = prepared.places as readonly [Place, ...Place[]];
  const error = breaker.lastCause(place.instance) ?? new Error('unreachable');
  const waits = prepared.places.map(({ instance }) => breaker.retryAfterMs(instance));
  return upstreamFailure({ error, sent: false, place }, prepared, Math.ceil(Math.min(...waits) / 1_000));
}

/** undici's, for a request it will not write. */
const requestCodes = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH']);

/** Node's and undici's, for a head that is too long, contradicts itself or cannot be written again. undici's `bad response` and `bad upgrade` have no code of their own. */
const answerCodes = new Set([
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'ERR_ASSERTION',
  'UND_ERR_HEADERS_OVERFLOW',
  'ERR_INVALID_CHAR',
  'ERR_HTTP_INVALID_STATUS_CODE',
  'ERR_HTTP_INVALID_HEADER_VALUE',
  'ERR_INVALID_HTTP_TOKEN',
]);

function portHint(prepared: PreparedRoute): string {
  return prepared.port === undefined ? '' : `: it is not listening on ${prepared.port}`;
}

/** Several addresses tried make an AggregateError: its first member speaks. */
function rootOf(error: Error): Error {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return first instanceof Error ? first : error;
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
