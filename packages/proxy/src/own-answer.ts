// The platform's own answers, told apart from an upstream's by their headers.
import type { ServerResponse } from 'node:http';
import { problemMediaType, toProblem } from '@runlayer/errors';
import type { RunlayerError } from '@runlayer/errors';
import { corsHeaders } from './cors.ts';

/** What an own answer says besides its error. */
export interface OwnAnswer {
  readonly requestId: string;
  readonly cors: boolean;
  /** More headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Answers with an error as RFC 9457 problem details. MCP clients drop a session on 404 and fall back on 400 and 405: see `error-codes.ts` for who gets which. */
export function answerError(res: ServerResponse, error: RunlayerError, answer: OwnAnswer): void {
  const body = JSON.stringify(toProblem(error));
  res.writeHead(error.status, {
    'Content-Type': problemMediaType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Runlayer-Origin': 'platform',
    'X-Request-ID': answer.requestId,
    ...(answer.cors ? corsHeaders : {}),
    ...answer.headers,
  });
  res.end(body);
}
