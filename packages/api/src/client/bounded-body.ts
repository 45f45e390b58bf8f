// Reads an answer whole, but not without end.
import { apiError } from '../error-codes.ts';

/** The largest answer that is read, bytes. A release log at its limit fits many times. */
export const maxAnswerBytes: number = 64 * 1024 * 1024;

/** The same response with its body read. @throws ERR_SERVER_ANSWER_UNREADABLE above `limit` bytes. */
export async function boundedBody(response: Response, limit: number = maxAnswerBytes): Promise<Response> {
  if (response.body === null) return response;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    if (size > limit) throw apiError('ERR_SERVER_ANSWER_UNREADABLE', `The answer is larger than ${limit} bytes.`);
    parts.push(part);
  }
  // The body is decoded by now: its former length and encoding would be wrong.
  const headers = new Headers(response.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(await new Blob(parts).arrayBuffer(), { status: response.status, statusText: response.statusText, headers });
}
