// A proxy before real upstreams on loopback, and the callers to try it: what the tests of this package share.
import { createServer, request } from 'node:http';
import type { IncomingMessage, RequestListener, RequestOptions, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { AgentSubject, UserSubject } from '@runlayer/identity-forward';
import type { AccessRecord, Caller, Proxy, ProxyOptions, ProxyRoute } from '../src/index.ts';
import { createProxy } from '../src/index.ts';

export const deploymentId = '11111111-1111-4111-8111-111111111111';
export const connectorId = '22222222-2222-4222-8222-222222222222';
export const organizationId = '33333333-3333-4333-8333-333333333333';
export const serverId = '44444444-4444-4444-8444-444444444444';
export const hosted: string = `/api/v1/proxy/hosted/${deploymentId}`;
export const connector: string = `/api/v1/proxy/${connectorId}`;
export const key = 'rl_good_key';

export const ada: UserSubject = {
  subjectType: 'user',
  organizationId,
  userId: '55555555-5555-4555-8555-555555555555',
  userEmail: 'ada@example.com',
};
export const helper: AgentSubject = {
  subjectType: 'agent',
  organizationId,
  agentId: '66666666-6666-4666-8666-666666666666',
  agentName: '研究助手',
};

export const callers: Record<string, Caller> = {
  [key]: { organizationId, subject: ada, mayCall: true },
  rl_agent_key: { organizationId, subject: helper, mayCall: true },
  rl_organization_key: { organizationId, mayCall: true },
  rl_reader_key: { organizationId, subject: ada, mayCall: false },
  rl_foreign_key: { organizationId: '77777777-7777-4777-8777-777777777777', subject: ada, mayCall: true },
};

/** A server that listens on loopback. */
export interface Listening {
  readonly server: Server;
  readonly port: number;
  readonly sockets: Set<Socket>;
}

const closers: (() => unknown)[] = [];

/** Closes everything the rig opened. Call it after each test. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close();
}

export async function listen(listener: RequestListener, options: { keepAliveTimeout?: number } = {}): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: 5_000, requestTimeout: 0, ...options }, listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port, sockets };
}

/** What an echoing upstream saw. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: [string, string][];
  readonly body: string;
  readonly trailers: string[];
}

/** Answers with what it saw: the raw request line, headers and body. */
export const echo: RequestListener = (req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => void chunks.push(chunk));
  req.on('end', () => {
    const headers = req.rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, req.rawHeaders[index + 1]]] : []));
    res.setHeader('content-type', 'application/json');
    res.end(
      JSON.stringify({
        method: req.method,
        url: req.url,
        headers,
        body: Buffer.concat(chunks).toString('latin1'),
        trailers: req.rawTrailers,
      }),
    );
  });
};

export interface Rig {
  readonly proxy: Proxy;
  readonly port: number;
  readonly records: AccessRecord[];
  /** How many calls were given to the proxy. */
  readonly handled: () => number;
  /** Changes the deployment's route. */
  set(route: Partial<ProxyRoute>): void;
  readonly route: () => ProxyRoute;
}

/** A proxy with one deployment and one connector, both served by the upstream on `upstreamPort`. */
export async function startProxy(upstreamPort: number, route: Partial<ProxyRoute> = {}, options: Partial<ProxyOptions> = {}): Promise<Rig> {
  let current: ProxyRoute = {
    id: deploymentId,
    organizationId,
    serverId,
    endpoints: [{ host: '127.0.0.1', port: upstreamPort }],
    containerPort: 8000,
    mcpPath: '/mcp',
    expose: [],
    forward: { headers: false, token: false },
    ...route,
  };
  const records: AccessRecord[] = [];
  const proxy = createProxy({
    routes: {
      deployment: (id) => (id === deploymentId ? current : undefined),
      connector: (id) => (id === connectorId ? current : undefined),
    },
    authenticate: (credential) => callers[credential],
    sign: (subject, server) => `token-of-${subject.subjectType}-for-${server}`,
    platformUrl: 'https://platform.example.com',
    allowedHosts: ['127.0.0.1'],
    accessLog: (record) => void records.push(record),
    ...options,
  });
  let handled = 0;
  const front = await listen((req, res) => {
    if (proxy.matches(req.url)) {
      handled += 1;
      proxy.handle(req, res);
    } else res.writeHead(404).end('framework');
  });
  closers.push(() => proxy.close());
  return {
    proxy,
    port: front.port,
    records,
    handled: () => handled,
    set: (change) => void (current = { ...current, ...change }),
    route: () => current,
  };
}

/** An answer read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: string[];
  readonly body: string;
}

export interface Ask extends RequestOptions {
  readonly body?: string | Buffer;
}

/** Sends a request with the good key, unless `headers` names other credentials, and reads the answer whole. */
export async function ask(port: number, path: string, { body, ...options }: Ask = {}): Promise<Answer> {
  const res = await open(port, path, { body: body ?? '', ...options });
  const chunks: Buffer[] = [];
  for await (const chunk of res) chunks.push(chunk as Buffer);
  return { status: res.statusCode ?? 0, headers: res.headers, rawHeaders: res.rawHeaders, body: Buffer.concat(chunks).toString() };
}

/** Sends a request and resolves with the answer's head. */
export function open(
  port: number,
  path: string,
  { body, headers = { 'x-runlayer-api-key': key }, ...options }: Ask = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const req = request({ port, host: '127.0.0.1', path, headers, agent: false, ...options }, resolve);
    req.on('error', reject);
    // Node writes head and text in one encoding: bytes keep a latin1 header as it is.
    req.end(body === undefined ? undefined : Buffer.from(body));
  });
}

export function seen(answer: Answer): Seen {
  return JSON.parse(answer.body) as Seen;
}

/** Writes bytes and collects what comes back until the other side closes. */
export function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.on('close', () => resolve(text)).on('error', () => resolve(text));
  });
}

/** A raw GET with these header lines; the connection closes after the answer. */
export function rawGet(port: number, target: string, lines: readonly string[] = []): Promise<string> {
  return raw(port, [`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...lines, '', ''].join('\r\n'));
}

/** Waits until something holds, looking again every few milliseconds. */
export async function until(holds: () => boolean, patienceMs = 10_000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
