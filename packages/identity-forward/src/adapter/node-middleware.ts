// Verifies before anything else runs, for all servers that pass on Node's request and response: Express, connect, node:http.
import type { VerifiedIdentity } from '../verify/identity.ts';
import type { Verifier } from '../verify/verifier.ts';
import type { Refusal, Refuse } from './refusal.ts';

/** What is read of Node's `IncomingMessage`. */
export interface NodeRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What is used of Node's `ServerResponse`. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/** Middleware as Express 4 and 5 and connect call it. */
export type NodeMiddleware<Request extends NodeRequest> = (
  request: Request,
  response: NodeResponse,
  next: (error?: unknown) => void,
) => void;

/** Middleware that keeps a verified identity with `accept`, answers a refused one itself and hands any other error on. */
export function nodeMiddleware<Request extends NodeRequest>(
  verifier: Verifier,
  refuse: Refuse,
  accept: (request: Request, identity: VerifiedIdentity) => void,
): NodeMiddleware<Request> {
  /** Whether the request may go on. */
  async function check(request: Request, response: NodeResponse): Promise<boolean> {
    try {
      accept(request, await verifier.verifyRequest(request.headers));
      return true;
    } catch (error) {
      send(response, refuse(error));
      return false;
    }
  }

  async function run(request: Request, response: NodeResponse, next: (error?: unknown) => void): Promise<void> {
    try {
      if (!(await check(request, response))) return;
    } catch (unexpected) {
      next(unexpected);
      return;
    }
    // Outside the try: what a handler throws is not for us to hand on, least of all twice.
    next();
  }

  return (request, response, next) => {
    void run(request, response, next);
  };
}

function send(response: NodeResponse, { status, headers, body }: Refusal): void {
  // Something before us gave up on the caller, such as a time limit.
  if (response.headersSent) return;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
