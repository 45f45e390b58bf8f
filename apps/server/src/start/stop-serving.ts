// Stops a server politely: no new connections, running answers may end, within a bound.
import type { Server } from 'node:http';

/** Resolves when every connection is closed; those still busy after `graceMs` are cut. */
export async function stopServing(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
