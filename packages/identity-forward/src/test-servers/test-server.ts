// The shape of a server under test, apart so that each framework's can stand alone.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Verifier } from '../verify/index.ts';

/** A server whose one handler tells what it knows of the caller. */
export interface TestServer {
  /** The status it refuses a token with. */
  readonly refusal: 401 | 403;
  /** Serves on a loopback port; `reached` is called by the handler and by nothing before it. */
  start(verifier: Verifier, reached: () => void): Promise<Running>;
  /** The identity in a good answer; all but the claims. */
  readonly read?: (body: string) => unknown;
}

/** A server that listens. */
export interface Running {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves with this listener on a free loopback port. */
export async function listen(listener: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<Running> {
  const server = createServer((request, response) => {
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
