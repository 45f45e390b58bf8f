// Ends an answer with one write to its socket: Node alone writes an ended text as two pieces, which costs a gathering write for each call.
import type { ServerResponse } from 'node:http';

/** What a `ServerResponse` knows of its head. Not documented; where it is not as expected, Node's own way is taken. */
interface Inner {
  readonly _header?: unknown;
  _headerSent?: unknown;
}

/**
 * Ends an answer whose head has been set and names its length.
 *
 * @param body the whole body, one character a byte
 */
export function endInOneWrite(res: ServerResponse, body: string): void {
  const inner = res as unknown as Inner;
  const { socket } = res;
  const header = inner._header;
  if (typeof header !== 'string' || inner._headerSent !== false || socket === null || socket.writableCorked > 0 || res.chunkedEncoding) {
    res.end(body, 'latin1');
    return;
  }
  inner._headerSent = true;
  socket.write(header + body, 'latin1');
  res.end();
}
