// The errors this client raises itself, under the codes that undici and Node use, so that a failure means the same whoever noticed it.

/** What went wrong; everything else an `onError` may bring is the system's (`ECONNREFUSED`, `EPIPE`, …). */
export type Http1ErrorCode =
  /** The request cannot be written: a character that ends a line, a framing header of the caller's own. */
  | 'UND_ERR_INVALID_ARG'
  /** The request is not one for this client: a guarded or encrypted origin, `CONNECT`. */
  | 'UND_ERR_NOT_SUPPORTED'
  /** The body is longer or shorter than its `Content-Length`. */
  | 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'
  | 'UND_ERR_CONNECT_TIMEOUT'
  /** No response head in time. */
  | 'UND_ERR_HEADERS_TIMEOUT'
  /** The heads of one answer, or its trailers, are larger than their bound. */
  | 'UND_ERR_HEADERS_OVERFLOW'
  /** The client was closed. */
  | 'UND_ERR_DESTROYED'
  /** The connection ended before the answer did. */
  | 'ECONNRESET'
  /** The answer is not HTTP/1.1, or can be read in more than one way. */
  | 'HPE_INVALID_ANSWER';

/** A failed request. */
export class Http1Error extends Error {
  readonly code: Http1ErrorCode;
  override readonly name: string;

  constructor(code: Http1ErrorCode, message: string) {
    super(message);
    this.code = code;
    // The name that Node's and undici's parser errors have.
    this.name = code.startsWith('HPE_') ? 'HTTPParserError' : 'Http1Error';
  }
}

/** An answer that must not be trusted: the connection is destroyed and what was read of it is given up. */
export function badAnswer(message: string): Http1Error {
  return new Http1Error('HPE_INVALID_ANSWER', message);
}
