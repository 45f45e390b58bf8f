// Starts the notes server on one port and stops it when the platform asks.
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { createVerifier } from '@runlayer/identity-forward/verify';
import { createNotesServer } from './notes-server.ts';
import { createNotes } from './notes.ts';
import { readSettings } from './settings.ts';

try {
  const { port, issuer, serverId, jwksUrl, greeting } = readSettings(process.env);
  const parts = { verifier: createVerifier({ issuer, serverId, jwksUrl }), notes: createNotes(), greeting };
  // Stateless: one server per request, for clients of the 2026-07-28 revision and of those before it.
  const mcp = createMcpHandler(({ requestInfo }) => createNotesServer(parts, requestInfo?.headers ?? new Headers()));
  const handle = toNodeHandler(mcp);

  const http = createServer((request, response) => {
    if (request.url?.split('?')[0] === '/mcp') void handle(request, response);
    else response.writeHead(404).end();
  });
  // All interfaces: a container is reached from outside itself.
  http.listen(port, '0.0.0.0', () => {
    const address = http.address();
    console.log(`notes-mcp listens on port ${typeof address === 'object' ? address?.port : port}`);
  });
  http.on('error', (error) => fail(error.message));

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      http.close();
      http.closeIdleConnections();
      void mcp.close().finally(() => setTimeout(() => http.closeAllConnections(), 3000).unref());
    });
  }
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

function fail(message: string): void {
  console.error(`notes-mcp cannot start: ${message}`);
  process.exitCode = 1;
}
