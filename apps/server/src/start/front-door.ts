// The one HTTP server: proxy calls go to the proxy on the raw request, everything else to the API.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { fail } from '../error-codes.ts';
import { messageFault, parserFault, refuseConnection, refuseMessage } from './front-door-faults.ts';

/** Answers a request. `awaitsContinue`: it has sent `Expect: 100-continue` and holds its body back until told to go on. */
type Handle = (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) => void;

/** What stands behind the door once the platform is ready. */
export interface Behind {
  readonly proxy: { matches(url: string | undefined): boolean; handle: Handle };
  /** Everything else: a fetch handler, or one for raw requests. */
  readonly api: { fetch(request: Request): Response | Promise<Response> } | ((request: IncomingMessage, response: ServerResponse) => void);
}

/** Bounds of the door. */
export interface FrontDoorOptions {
  /** Most bytes of a request line with its headers. Default 65,536. */
  readonly maxHeaderBytes?: number | undefined;
  /** Most connections at once; more are closed unanswered. 0 sets no bound. Default 20,000. */
  readonly maxConnections?: number | undefined;
}

/** A server that answers 503 until it is opened. */
export interface FrontDoor {
  readonly server: Server;
  open(behind: Behind): void;
  /** Requests that were refused unread, and connections that were closed as too many, ever. */
  counts(): { readonly malformed: number; readonly dropped: number };
}

/** Milliseconds in which an API request must have arrived whole. Proxy requests may take as long as they like. */
const apiRequestMs = 60_000;

/** Makes the server; it does not listen yet. */
export function createFrontDoor({ maxHeaderBytes = 65_536, maxConnections = 20_000 }: FrontDoorOptions = {}): FrontDoor {
  let handle: Handle = notReady;
  let malformed = 0;
  let dropped = 0;
  const server = createServer({
    // Idle connections outlive those of a load balancer in front (60 s), or it would send into closing ones.
    keepAliveTimeout: 75_000,
    // Of the whole request there is none: a body may stream for hours. Heads that trickle in are cut off.
    requestTimeout: 0,
    headersTimeout: 20_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: maxHeaderBytes,
    // Whoever checks the host says so in an answer of its own.
    requireHostHeader: false,
  });
  if (maxConnections > 0) server.maxConnections = maxConnections;
  // Bounded by their bytes. Node would drop those beyond a number unseen.
  server.maxHeadersCount = 0;
  server.on('request', (request, response) => handle(request, response, false));
  server.on('checkContinue', (request, response) => handle(request, response, true));
  server.on('checkExpectation', (_request, response) =>
    refuseMessage(response, fail('ERR_EXPECTATION', 'The request expects something other than 100-continue.')),
  );
  server.on('connect', (_request, socket) =>
    refuseConnection(socket, fail('ERR_METHOD_NOT_ALLOWED', 'CONNECT is not a method of this server.')),
  );
  server.on('drop', () => (dropped += 1));
  server.on('clientError', (error, socket) => {
    malformed += 1;
    refuseConnection(socket, parserFault(error));
  });
  return {
    server,
    open: (behind) => void (handle = handlerOf(behind)),
    counts: () => ({ malformed, dropped }),
  };
}

function handlerOf({ proxy, api }: Behind): Handle {
  const listener = typeof api === 'function' ? api : getRequestListener((request) => api.fetch(request), { overrideGlobalObjects: false });
  return (request, response, awaitsContinue) => {
    if (proxy.matches(request.url)) return proxy.handle(request, response, awaitsContinue);
    const fault = messageFault(request);
    if (fault !== undefined) return refuseMessage(response, fault);
    const deadline = setTimeout(() => refuseConnection(request.socket, slow()), apiRequestMs);
    request.once('close', () => clearTimeout(deadline)).once('end', () => clearTimeout(deadline));
    if (awaitsContinue) response.writeContinue();
    listener(request, response);
  };
}

const slow = () => fail('ERR_REQUEST_TOO_SLOW', 'The request did not arrive in time.');

function notReady(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Retry-After', '2');
  refuseMessage(response, fail('ERR_STARTING', 'The server is starting.'));
}
