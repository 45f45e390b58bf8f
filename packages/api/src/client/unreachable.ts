// Says why no answer came, from what fetch throws.
import type { RunlayerError } from '@runlayer/errors';
import { apiError } from '../error-codes.ts';

/** Why a server was not reached; `data.reason` of `ERR_SERVER_UNREACHABLE`. */
export type UnreachableReason = 'refused' | 'dns' | 'tls' | 'timeout' | 'reset' | 'other';

const said: Readonly<Record<UnreachableReason, string>> = {
  refused: 'the connection was refused',
  dns: 'its name does not resolve',
  tls: 'its certificate or TLS set-up is not accepted',
  timeout: 'it did not answer in time',
  reset: 'the connection was cut',
  other: 'the connection failed',
};

const codes: readonly [RegExp, UnreachableReason][] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^(ENOTFOUND|EAI_)/, 'dns'],
  [/^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/, 'timeout'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|ECONNABORTED)$/, 'reset'],
  [/^(EPROTO|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/, 'tls'],
];

/** The reason that a thrown value of fetch carries, in itself or in its causes. */
export function reasonOf(error: unknown): UnreachableReason {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at.name === 'TimeoutError') return 'timeout';
    const code = (at as NodeJS.ErrnoException).code;
    const known = typeof code === 'string' ? codes.find(([pattern]) => pattern.test(code)) : undefined;
    if (known !== undefined) return known[1];
  }
  return 'other';
}

/** `ERR_SERVER_UNREACHABLE` for a request that got no answer. */
export function unreachable(request: { method: string; url: string }, error: unknown): RunlayerError {
  const reason = reasonOf(error);
  const { origin, pathname } = new URL(request.url);
  const message = `${origin} cannot be reached: ${said[reason]} (${request.method} ${pathname}).`;
  return apiError('ERR_SERVER_UNREACHABLE', message, { cause: error, data: { reason, method: request.method, path: pathname } });
}
