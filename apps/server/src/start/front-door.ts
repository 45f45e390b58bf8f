// The one HTTP server: proxy calls go to the proxy on the raw request, everything else to the API.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { problemMediaType, toProblem } from '@runlayer/errors';
import { fail } from '../error-codes.ts';

/** What stands behind the door once the platform is ready. */
export interface Behind {
  readonly proxy: { matches(url: string | undefined): boolean; handle(request: IncomingMessage, response: ServerResponse): void };
  readonly api: { fetch(request: Request): Response | Promise<Response> };
}

/** A server that answers 503 until it is opened. */
export interface FrontDoor {
  readonly server: Server;
  open(behind: Behind): void;
}

/** Milliseconds in which an API request must have arrived whole. Proxy requests may take as long as they like. */
const apiRequestMs = 60_000;

/** Makes the server; it does not listen yet. */
export function createFrontDoor(): FrontDoor {
  let handle = notReady;
  // Idle connections outlive those of a load balancer in front (60 s), or it would send into closing ones.
  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 0, headersTimeout: 60_000 }, (request, response) =>
    handle(request, response),
  );
  return {
    server,
    open({ proxy, api }) {
      const listener = getRequestListener((request) => api.fetch(request), { overrideGlobalObjects: false });
      handle = (request, response) => {
        if (proxy.matches(request.url)) return proxy.handle(request, response);
        const deadline = setTimeout(() => request.destroy(), apiRequestMs);
        request.once('close', () => clearTimeout(deadline)).once('end', () => clearTimeout(deadline));
        void listener(request, response);
      };
    },
  };
}

function notReady(_request: IncomingMessage, response: ServerResponse): void {
  const body = JSON.stringify(toProblem(fail('ERR_STARTING', 'The server is starting.')));
  response.writeHead(503, { 'content-type': problemMediaType, 'retry-after': '2', 'x-runlayer-origin': 'platform' }).end(body);
}
