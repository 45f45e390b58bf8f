// The settings that bound calls in time and number; the defaults suit a server with thousands of open streams.
import { integer, setting } from './setting.ts';

const most = 2_147_483_647;
const milliseconds = integer(0, most);
const count = integer(0, most);

/** The limits, in the order of the documentation. Those that have the name of a limit of the proxy go to it. */
export const limitsTable = {
  connectTimeoutMs: setting({
    env: 'RUNLAYER_CONNECT_TIMEOUT_MS',
    key: 'connect_timeout_ms',
    about: 'Milliseconds to open a connection to a server behind the proxy. After that a call is answered 502.',
    fallback: '`5000`',
    read: integer(1, most),
  }),
  firstByteTimeoutMs: setting({
    env: 'RUNLAYER_FIRST_BYTE_TIMEOUT_MS',
    key: 'first_byte_timeout_ms',
    about: 'Milliseconds until a server begins its answer; `0` waits for ever. After that a call is answered 504.',
    fallback: '`3600000`: a tool may think for half an hour and more',
    read: milliseconds,
  }),
  idleTimeoutMs: setting({
    env: 'RUNLAYER_IDLE_TIMEOUT_MS',
    key: 'idle_timeout_ms',
    about: 'Milliseconds of silence after which an answer that has begun, and is no event stream, is cut; `0` for never.',
    fallback: '`0`',
    read: milliseconds,
  }),
  keepAliveTimeoutMs: setting({
    env: 'RUNLAYER_KEEP_ALIVE_TIMEOUT_MS',
    key: 'keep_alive_timeout_ms',
    about: 'Milliseconds that an idle connection to a server is kept for the next call. Most servers close theirs after 5 seconds.',
    fallback: '`4000`',
    read: integer(1, most),
  }),
  streamCommentMs: setting({
    env: 'RUNLAYER_STREAM_COMMENT_MS',
    key: 'stream_comment_ms',
    about:
      'Milliseconds of silence on an event stream before a comment is written, which keeps load balancers from cutting it; `0` for never.',
    fallback: '`15000`',
    read: milliseconds,
  }),
  requestBodyBytes: setting({
    env: 'RUNLAYER_REQUEST_BODY_BYTES',
    key: 'request_body_bytes',
    about: "Most bytes of a call's body; `0` sets no bound. A longer one is answered 413.",
    fallback: '`0`: bodies stream, so a long one takes no memory',
    read: count,
  }),
  concurrentCalls: setting({
    env: 'RUNLAYER_CONCURRENT_CALLS',
    key: 'concurrent_calls',
    about:
      'Calls, event streams among them, that one caller may have running at one deployment or connector; `0` sets no bound. One more is answered 429.',
    fallback: '`10000`',
    read: count,
  }),
  totalCalls: setting({
    env: 'RUNLAYER_TOTAL_CALLS',
    key: 'total_calls',
    about: 'Calls, event streams among them, that run at once in all; `0` sets no bound. One more is answered 503.',
    fallback: '`0`',
    read: count,
  }),
  maxHeaderBytes: setting({
    env: 'RUNLAYER_MAX_HEADER_BYTES',
    key: 'max_header_bytes',
    about: 'Most bytes of a request line with its headers. More are answered 431.',
    fallback: '`65536`',
    read: integer(8_192, 1_048_576),
  }),
  maxConnections: setting({
    env: 'RUNLAYER_MAX_CONNECTIONS',
    key: 'max_connections',
    about:
      'Most connections from callers at once; `0` sets no bound. More are closed unanswered. Keep it below the number of files the process may open.',
    fallback: '`20000`',
    read: count,
  }),
  drainMs: setting({
    env: 'RUNLAYER_DRAIN_MS',
    key: 'drain_ms',
    about: 'Milliseconds that running calls have to end when the server stops.',
    fallback: '`10000`',
    read: integer(0, 3_600_000),
  }),
  sessionDrainMs: setting({
    env: 'RUNLAYER_SESSION_DRAIN_MS',
    key: 'session_drain_ms',
    about:
      'Milliseconds that a former instance goes on after a release, for the MCP sessions it holds. One without sessions in use stops at once.',
    fallback: '`10000`',
    read: integer(0, 100_000),
  }),
  workers: setting({
    env: 'RUNLAYER_WORKERS',
    key: 'workers',
    about: 'Processes that answer proxy calls, at most one for each core. From 2 on they share the port, and one more process has the API.',
    fallback: '`1`: one process does all',
    read: integer(1, 64),
  }),
} as const;
