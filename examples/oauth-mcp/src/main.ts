// Starts the server on one port and stops it when the platform asks.
import { createServer } from 'node:http';
import { createApp } from './app.ts';
import { readSettings } from './settings.ts';

try {
  const settings = readSettings(process.env);
  const http = createServer(createApp(settings));
  // All interfaces: a container is reached from outside itself.
  http.listen(settings.port, '0.0.0.0', () => {
    const address = http.address();
    console.log(`oauth-mcp listens on port ${typeof address === 'object' ? address?.port : settings.port}`);
  });
  http.on('error', (error) => fail(error.message));

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      http.close();
      http.closeIdleConnections();
      setTimeout(() => http.closeAllConnections(), 3000).unref();
    });
  }
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

function fail(message: string): void {
  console.error(`oauth-mcp cannot start: ${message}`);
  process.exitCode = 1;
}
