// Answers requests that Node itself refuses: with a problem like every other refusal, on a connection that then closes.
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { problemMediaType, type RunlayerError, toProblem } from '@runlayer/errors';
import { fail } from '../error-codes.ts';

/** What is wrong with a request that the parser gave up on. */
export function parserFault(error: NodeJS.ErrnoException): RunlayerError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return fail('ERR_HEADERS_TOO_LARGE', 'The request line and headers are longer than this server reads.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return fail('ERR_BODY_TOO_LARGE', 'The chunks of the body have extensions that are longer than this server reads.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return fail('ERR_REQUEST_TOO_SLOW', 'The request did not arrive in time.');
    default:
      return fail('ERR_REQUEST_MALFORMED', 'The request is not HTTP/1.1, or its end could be read in more than one way.');
  }
}

/** What makes a request that was parsed one that is not answered; `undefined` for nothing. Reads `headers`, so not for hot paths. */
export function messageFault({ headers, rawHeaders, httpVersion, httpVersionMajor }: IncomingMessage): RunlayerError | undefined {
  if (httpVersionMajor !== 1) return fail('ERR_REQUEST_MALFORMED', `This server speaks HTTP/1.1, not HTTP/${httpVersion}.`);
  if (headers.host === undefined && httpVersion === '1.1') return fail('ERR_REQUEST_MALFORMED', 'The request has no Host header.');
  if (hostLines(rawHeaders) > 1) return fail('ERR_REQUEST_MALFORMED', 'The request has more than one Host header.');
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || httpVersion !== '1.1'))
    return fail('ERR_REQUEST_MALFORMED', 'The body has a transfer coding other than chunked.');
  return undefined;
}

function hostLines(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
}

/** Answers with an error and closes the connection: where the next request begins cannot be known. */
export function refuseMessage(response: ServerResponse, error: RunlayerError): void {
  const { headers, body } = refusal(error);
  response.writeHead(error.status, headers).end(body);
}

/** The same on a bare connection. One that is in the middle of another answer is cut, since more text would become part of that. */
export function refuseConnection(socket: Duplex, error: RunlayerError): void {
  if (!socket.writable || hasOtherAnswer(socket)) {
    socket.destroy();
    return;
  }
  const { headers, body } = refusal(error);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${lines.join('')}\r\n${body}`);
  // What still comes is read for a moment: a connection closed over unread bytes is reset, and the answer is lost with it.
  socket.resume().once('end', () => socket.destroy());
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

const lingerMs = 500;

/** Whether something is being answered here that is not the broken request: one whose answer has begun, or that had come whole. */
function hasOtherAnswer(socket: Duplex): boolean {
  const { _httpMessage: answer } = socket as { _httpMessage?: ServerResponse | null };
  return answer !== undefined && answer !== null && (answer.headersSent || answer.req.complete);
}

function refusal(error: RunlayerError): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify(toProblem(error));
  const headers = {
    'Content-Type': problemMediaType,
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'X-Runlayer-Origin': 'platform',
    'X-Request-ID': randomUUID(),
    Connection: 'close',
  };
  return { headers, body };
}
