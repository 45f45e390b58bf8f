// A server that publishes keys, misleads with a redirect, serves the page to a browser, and takes the browser's report.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a runtime reports: how many tokens it tried, and which came out otherwise than they should. */
export interface Report {
  readonly good: number;
  readonly bad: number;
  readonly wrong: readonly string[];
}

export interface Origin {
  readonly url: string;
  /** What the browser sends back. */
  readonly report: Promise<Report>;
  /** Serves this file as the page's script. */
  serve(script: string): void;
  close(): void;
}

export async function startOrigin(jwks: unknown): Promise<Origin> {
  const { promise: report, resolve, reject } = Promise.withResolvers<Report>();
  let script = '';
  const answer = async (request: IncomingMessage): Promise<{ status?: number; type?: string; location?: string; body: string }> => {
    switch (request.url) {
      case '/':
        return { type: 'text/html', body: '<!doctype html><script type="module" src="/page.js"></script>' };
      case '/page.js':
        return { type: 'text/javascript', body: await readFile(script, 'utf8') };
      case '/jwks.json':
        return { type: 'application/json', body: JSON.stringify(jwks) };
      case '/redirect':
        return { status: 302, location: '/jwks.json', body: '' };
      case '/report':
        resolve(JSON.parse(await text(request)) as Report);
        return { body: 'thanks' };
      default:
        return { status: 404, body: '' };
    }
  };
  const server = createServer((request, response) => {
    answer(request).then(({ status = 200, type = 'text/plain', location, body }) => {
      response.writeHead(status, { 'content-type': type, ...(location === undefined ? {} : { location }) }).end(body);
    }, reject);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    report,
    serve: (path) => (script = path),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
