// What an adapter answers a caller whose identity is refused: one small problem document, the same in every framework.
import { IdentityError, isIdentityError } from '../identity-error.ts';

/** How an adapter refuses. */
export interface RefusalOptions {
  /**
   * Status of the answer to a refused token. 401 is what HTTP asks for. MCP clients begin OAuth at any 401, whatever its
   * challenge says, and a new login mends no identity token: 403 keeps them from it. Default: 403 in `/mcp`, else 401.
   */
  readonly status?: 401 | 403 | undefined;
}

/** An answer, in the words of no framework. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Turns what a verifier threw into an answer. */
export type Refuse = (error: unknown) => Refusal;

// Not `Bearer`: no access token, scope or login would help, and a client must not be told to look for one.
const challenge = 'Runlayer-Identity';
/** Seconds; by then a key cache that pauses between its tries has tried again. */
const retryAfter = '5';

/**
 * How to refuse with this status. The function given throws what is no refusal, always as an `Error`.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when the status is neither 401 nor 403.
 */
export function refuseWith(status: number): Refuse {
  if (status !== 401 && status !== 403) throw new IdentityError('ERR_IDENTITY_OPTIONS', 'The status of a refusal is 401 or 403.');
  return (error) => {
    if (isIdentityError(error) && error.status === 401)
      return answer(error, status, status === 401 ? { 'WWW-Authenticate': challenge } : {});
    if (isIdentityError(error) && error.status === 503) return answer(error, 503, { 'Retry-After': retryAfter });
    throw asError(error);
  };
}

function answer({ code, title, message, hint }: IdentityError, status: number, headers: Record<string, string>): Refusal {
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify({ code, title, detail: `${message} ${hint}`, status }),
  };
}

/** Express reads `next(undefined)` and `next('route')` as leave to go on. */
function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The identity could not be checked.', { cause: error });
}
