import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { probe } from './http-probe.ts';

let server: Server | undefined;
afterEach(() => void server?.close());
const never = new AbortController().signal;

async function listen(made: Server): Promise<{ instance: string; host: string; port: number }> {
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return { instance: 'x', host: '127.0.0.1', port: (made.address() as AddressInfo).port };
}

it.each<[string, RequestListener, string | undefined, object]>([
  ['any status', (_q, r) => void r.writeHead(500).end(), undefined, { kind: 'answered', status: 500 }],
  ['401 at the MCP path', (_q, r) => void r.writeHead(401).end(), '/mcp', { kind: 'answered', status: 401 }],
  ['404 where no path is stated', (_q, r) => void r.writeHead(404).end(), undefined, { kind: 'answered', status: 404 }],
  [
    '404 to GET and 400 to POST',
    (q, r) => void r.writeHead(q.method === 'POST' ? 400 : 404).end(),
    '/mcp',
    { kind: 'answered', status: 400 },
  ],
  ['404 to both', (_q, r) => void r.writeHead(404).end(), '/mcp', { kind: 'path_missing', status: 404 }],
  [
    'an event stream that stays open',
    (_q, r) => r.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(),
    '/sse',
    { kind: 'answered', status: 200 },
  ],
])('takes %s for what it is', async (_name, listener, path, expected) => {
  expect(await probe(await listen(createServer(listener)), path, never)).toEqual(expected);
});

it('sends nothing that opens a session', async () => {
  const seen: string[] = [];
  const endpoint = await listen(
    createServer((request, response) => {
      void text(request).then((body) => {
        seen.push(`${request.method} ${request.url} ${body}`);
        response.writeHead(404).end();
      });
    }),
  );
  await probe(endpoint, '/mcp', never);
  expect(seen).toEqual(['GET /mcp ', 'POST /mcp {}']);
});

it('is silent where nothing listens, or where no HTTP comes back', async () => {
  const closed = await listen(createTcpServer());
  server?.close();
  expect(await probe(closed, '/mcp', never)).toEqual({ kind: 'silent', connected: false });
  const garbage = await listen(createTcpServer((socket) => socket.end('SSH-2.0\r\n')));
  expect(await probe(garbage, '/', never)).toEqual({ kind: 'silent', connected: true });
});
