// Every error the proxy itself answers with. What an upstream answers passes through untouched.
import { errorMaker } from '@runlayer/errors';
import type { ErrorMaker } from '@runlayer/errors';

/** Codes of this package. Messages name the deployment or connector and what was tried, never an address inside the platform. */
export const proxyErrors = {
  ERR_PROXY_OPTIONS: { title: 'Unusable proxy options', status: 500, hint: 'Correct the options given to createProxy.' },
  ERR_PROXY_HOST: {
    title: 'Foreign Host header',
    status: 421,
    hint: 'Call the platform by its public address, or add the name to the allowed hosts.',
  },
  ERR_PROXY_ORIGIN: {
    title: 'Foreign web origin',
    status: 403,
    hint: 'Open the page from this machine, or add its origin to the allowed origins.',
  },
  ERR_PROXY_METHOD: { title: 'Method not supported', status: 405, hint: 'Use GET, POST, DELETE or another ordinary method.' },
  ERR_PROXY_UPGRADE: { title: 'Upgrade not supported', status: 501, hint: 'MCP needs no WebSocket: use streaming HTTP or SSE.' },
  ERR_PROXY_PATH: {
    title: 'Ambiguous path',
    status: 400,
    hint: 'Send a plain path: no empty, dot or ";" segments, no encoded slashes, dots or control characters.',
  },
  ERR_PROXY_BODY: { title: 'Body too slow', status: 408, hint: 'Send the body without long pauses.' },
  ERR_PROXY_BODY_TOO_LONG: { title: 'Body too long', status: 413, hint: 'Send less at once.' },
  ERR_PROXY_BUSY: { title: 'Too many calls at once', status: 429, hint: 'Let some of the running calls end first.' },
  ERR_PROXY_REQUEST: { title: 'Malformed request', status: 400, hint: 'Check the request headers.' },
  ERR_PROXY_UNAUTHENTICATED: {
    title: 'Authentication required',
    status: 401,
    hint: 'Send an API key as x-runlayer-api-key or as Authorization: Bearer.',
  },
  ERR_PROXY_NO_SUBJECT: {
    title: 'Organization keys cannot call servers',
    status: 403,
    hint: "Use a person's or an agent account's API key.",
  },
  ERR_PROXY_FORBIDDEN: {
    title: 'Not allowed to call servers',
    status: 403,
    hint: 'Ask an administrator for a role that may call servers.',
  },
  ERR_PROXY_NOT_FOUND: { title: 'Nothing at this address', status: 404, hint: 'Check the id in the URL.' },
  ERR_PROXY_SESSION: { title: 'No such session', status: 404, hint: 'Start a new session: send `initialize` without a session id.' },
  ERR_PROXY_UNAVAILABLE: { title: 'Not serving', status: 503, hint: 'Try again in a moment, or look at the deployment.' },
  ERR_PROXY_PLATFORM: { title: 'The platform cannot look up the call', status: 503, hint: 'Try again in a moment.' },
  ERR_PROXY_CLOSING: { title: 'The platform is stopping', status: 503, hint: 'Try again in a moment.' },
  ERR_PROXY_SIGN: { title: 'Identity could not be signed', status: 500, hint: 'Look at the log of the platform.' },
  ERR_PROXY_REFUSED: {
    title: 'Connection refused',
    status: 502,
    hint: 'The service must listen on 0.0.0.0 and on the port that service.port names.',
  },
  ERR_PROXY_UNREACHABLE: { title: 'Server unreachable', status: 502, hint: 'Check that the server runs and its address is right.' },
  ERR_PROXY_ADDRESS: { title: 'Address not public', status: 502, hint: 'A connector by URL must resolve to public addresses.' },
  ERR_PROXY_RESET: { title: 'Connection lost', status: 502, hint: 'The server closed the connection before it answered: look at its log.' },
  ERR_PROXY_ANSWER: { title: 'Unreadable answer', status: 502, hint: 'The server must speak HTTP/1.1.' },
  ERR_PROXY_REDIRECT: {
    title: 'Redirect to another place',
    status: 502,
    hint: 'The server must redirect calls made with a platform key only to its own addresses, or from a path in service.expose to callers without a key.',
  },
  ERR_PROXY_TIMEOUT: { title: 'No answer in time', status: 504, hint: 'The server sent no response head in time: look at its log.' },
  ERR_PROXY_IDLE: { title: 'Answer fell silent', status: 504, hint: 'The server stopped in the middle of its answer: look at its log.' },
  ERR_PROXY_INTERNAL: { title: 'Internal error', status: 500, hint: 'Look at the log of the platform.' },
} as const;

/** Codes of {@link proxyErrors}. */
export type ProxyErrorCode = keyof typeof proxyErrors;

export const fail: ErrorMaker<typeof proxyErrors> = errorMaker(proxyErrors);
