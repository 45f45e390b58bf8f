// The head of a request as it is written: one string, and never one that could be read as two requests.
import type { UpstreamRequest } from '../upstream.ts';
import { decimal } from './answer-framing.ts';
import { endOfToken, isFieldText, isToken } from './field-syntax.ts';
import { Http1Error } from './http1-error.ts';

const plain = 0;
const length = 1;
const host = 2;
const framing = 3;
const invalid = 4;

/** What a name means here. Names come again with every call, so what was found is remembered. */
const known = new Map<string, number>();
const mostKnown = 2_048;

/** Headers that only this client may write: they say where a message ends or what becomes of its connection. */
const ours = new Set([
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'http2-settings',
]);

/** Methods that mean something with a body, so that none has to be announced. */
const expectBody = new Set(['POST', 'PUT', 'PATCH']);

/** A request ready to be written. */
export interface RequestText {
  readonly head: string;
  /** Bytes of a streamed body; -1 for a chunked one. */
  readonly length: number;
}

/**
 * The head of a request, down to its empty line.
 *
 * @param authority `Host` where the request names none
 * @throws `UND_ERR_INVALID_ARG`, `UND_ERR_NOT_SUPPORTED`, `UND_ERR_REQ_CONTENT_LENGTH_MISMATCH`
 */
export function requestText({ method, path, headers, body }: UpstreamRequest, authority: string): RequestText {
  checkLine(method, path);
  let head = `${method} ${path} HTTP/1.1\r\n`;
  let declared = -1;
  let hosts = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = headers[index + 1] ?? '\n';
    const kind = kindOf(name);
    if (kind >= framing || !isFieldText(value, 0, value.length))
      throw invalidArgument(`The header ${isToken(name) ? name : 'without a valid name'} cannot be sent.`);
    if (kind === length) {
      if (declared !== -1) throw invalidArgument('There is more than one Content-Length.');
      declared = declaredLength(value);
      continue;
    }
    if (kind === host) hosts += 1;
    head += `${name}: ${value}\r\n`;
  }
  if (hosts > 1) throw invalidArgument('There is more than one Host.');
  if (hosts === 0) head += `Host: ${authority}\r\n`;
  if (body === null || Buffer.isBuffer(body)) return { head: head + countedFraming(method, body?.length ?? 0, declared), length: 0 };
  return { head: `${head}${declared === -1 ? 'Transfer-Encoding: chunked' : `Content-Length: ${declared}`}\r\n\r\n`, length: declared };
}

/**
 * The trailers of a chunked body, with the empty line that ends it.
 *
 * @throws `UND_ERR_INVALID_ARG`
 */
export function trailerText(trailers: readonly string[]): string {
  let text = '';
  for (let index = 0; index < trailers.length; index += 2) {
    const name = trailers[index] as string;
    const value = trailers[index + 1] ?? '\n';
    if (kindOf(name) !== plain || !isFieldText(value, 0, value.length)) throw invalidArgument('A trailer cannot be sent.');
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}

function countedFraming(method: string, size: number, declared: number): string {
  if (declared !== -1 && declared !== size) throw lengthMismatch();
  return size > 0 || expectBody.has(method) ? `Content-Length: ${size}\r\n\r\n` : '\r\n';
}

/** A body that is not as long as its head says. */
export function lengthMismatch(): Http1Error {
  return new Http1Error('UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'The body is not as long as its Content-Length.');
}

function checkLine(method: string, path: string): void {
  if (!isToken(method)) throw invalidArgument('The method is not a token.');
  if (method === 'CONNECT') throw new Http1Error('UND_ERR_NOT_SUPPORTED', 'CONNECT is not supported.');
  const begins = path.charCodeAt(0) === 47 || (path === '*' && method === 'OPTIONS');
  if (!begins || path.includes(' ') || path.includes('\t') || !isFieldText(path, 0, path.length))
    throw invalidArgument('The path cannot be sent.');
}

function declaredLength(value: string): number {
  const declared = decimal(value);
  if (declared === -1) throw invalidArgument('The Content-Length is not a number.');
  return declared;
}

function kindOf(name: string): number {
  const found = known.get(name);
  if (found !== undefined) return found;
  const kind = sort(name);
  if (known.size < mostKnown && name.length <= 64) known.set(name, kind);
  return kind;
}

function sort(name: string): number {
  if (name === '' || endOfToken(name, 0, name.length) !== name.length) return invalid;
  const lower = name.toLowerCase();
  if (lower === 'content-length') return length;
  if (lower === 'host') return host;
  return ours.has(lower) ? framing : plain;
}

function invalidArgument(message: string): Http1Error {
  return new Http1Error('UND_ERR_INVALID_ARG', message);
}
