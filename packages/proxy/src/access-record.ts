// What is remembered of one call, for logs and metrics.
import type { Subject } from '@runlayer/identity-forward';
import type { McpName } from './mcp-name.ts';

/** One call, reported once its answer has ended. Holds no header, no query and no body. */
export interface AccessRecord {
  /** UUID, also sent as `X-Request-ID`. */
  readonly requestId: string;
  /** When the call came, milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Milliseconds until the head of the answer; left out when there was none. */
  readonly firstByteMs?: number | undefined;
  readonly kind: 'hosted' | 'connector' | 'none';
  /** Id in the public URL; empty when the URL has none. */
  readonly routeId: string;
  readonly organizationId?: string | undefined;
  /** Left out for anonymous and refused calls. */
  readonly subject?: Subject | undefined;
  readonly method: string;
  /** Path below the public prefix, without its query. */
  readonly path: string;
  /** JSON-RPC method and name of the tool, prompt or resource, where the body or else the headers tell. */
  readonly mcp?: McpName | undefined;
  /** W3C trace id of the caller's `traceparent`. @see https://www.w3.org/TR/trace-context/ */
  readonly traceId?: string | undefined;
  /** Status sent to the caller; 0 when the caller left before there was one. */
  readonly status: number;
  /** Body bytes sent to the caller. */
  readonly bytesSent: number;
  /** Body bytes that came from the caller. */
  readonly bytesReceived: number;
  /** `complete`, or what ended it: `refused` is the platform's own answer, `cut` its `disconnect` or `close`. */
  readonly outcome: 'complete' | 'refused' | 'cut' | 'caller-left' | 'upstream-failed';
  /** Error code of the platform's own answer, or of what cut the stream. */
  readonly code?: string | undefined;
}

/** What can be told of a call while it runs. */
export type RunningCall = Pick<
  AccessRecord,
  'requestId' | 'startedAt' | 'kind' | 'routeId' | 'organizationId' | 'subject' | 'method' | 'path'
>;
