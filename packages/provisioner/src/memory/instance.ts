// A stand-in for a container: a real HTTP server on loopback with an environment and a log.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Endpoint, LogLine } from '../provisioner.ts';
import { variablesOf } from '../spec-diff.ts';
import type { WorkloadSpec } from '../workload.ts';
import type { MemoryBehaviour, MemoryContext } from './behaviour.ts';

/** Oldest lines beyond this many are dropped. */
const mostLines = 10_000;
const longestLine = 8192;

/** One instance, with what is known of it. */
export interface Instance {
  readonly name: string;
  readonly spec: WorkloadSpec;
  readonly lines: LogLine[];
  /** How many lines before the first of `lines` are gone. */
  dropped: number;
  /** Called after each new line, and when the instance stops. */
  readonly watchers: Set<() => void>;
  state: 'created' | 'running' | 'stopped';
  endpoint: Endpoint | undefined;
  server: Server | undefined;
}

/** An instance that does not run yet. */
export function createInstance(name: string, spec: WorkloadSpec): Instance {
  return { name, spec, lines: [], dropped: 0, watchers: new Set(), state: 'created', endpoint: undefined, server: undefined };
}

/** Listens on a free loopback port and logs `started`. */
export async function startInstance(instance: Instance, behaviour: MemoryBehaviour, now: () => Date): Promise<void> {
  const context: MemoryContext = { environment: variablesOf(instance.spec), log: (line) => write(instance, line, now) };
  const handler = behaviour.handler ?? answer;
  const server = createServer((request, response) => handler(request, response, context));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  server.unref();
  instance.server = server;
  instance.state = 'running';
  instance.endpoint = { instance: instance.name, host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  context.log('started');
}

/** How often connections that have fallen idle are looked for while an instance finishes its calls, milliseconds. */
const idleMs = 20;

/** Turns of the event loop in which a call that was sent is accepted, read and begun. */
const turnsBehind = 10;

/** Ends it and its connections; its log stays. Calls that run may go on for so many milliseconds. */
export async function stopInstance(instance: Instance, graceMs = 0): Promise<void> {
  const server = instance.server;
  instance.state = 'stopped';
  instance.server = undefined;
  if (server !== undefined) await closeServer(server, graceMs);
  for (const watcher of instance.watchers) watcher();
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  // Closing resets connections whose request has come and was not read yet: a busy process may be that far behind.
  const turns = graceMs > 0 ? turnsBehind : 0;
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const closed = new Promise((resolve) => server.close(resolve));
  const idle = setInterval(() => server.closeIdleConnections(), idleMs);
  const end = setTimeout(() => server.closeAllConnections(), graceMs);
  if (graceMs === 0) server.closeAllConnections();
  await closed;
  clearInterval(idle);
  clearTimeout(end);
}

function write(instance: Instance, text: string, now: () => Date): void {
  for (const line of text.split(/\r?\n/)) {
    instance.lines.push({ time: now().toISOString(), stream: 'stdout', line: line.slice(0, longestLine) });
  }
  const excess = Math.max(0, instance.lines.length - mostLines);
  instance.lines.splice(0, excess);
  instance.dropped += excess;
  for (const watcher of instance.watchers) watcher();
}

function answer(request: IncomingMessage, response: ServerResponse, context: MemoryContext): void {
  const path = request.url ?? '/';
  if (path.startsWith('/log/')) context.log(decodeURIComponent(path.slice('/log/'.length)));
  response.setHeader('content-type', 'application/json');
  response.end(path === '/env' ? JSON.stringify(context.environment) : '{}');
}
