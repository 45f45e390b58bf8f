// Upstreams that write bytes rather than answers, and a listener that keeps what it is told.
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Upstream, UpstreamControls, UpstreamListener, UpstreamRequest } from '../src/upstream.ts';

/** A server on loopback that reads request heads and answers them with bytes. */
export interface RawUpstream {
  readonly port: number;
  readonly origin: string;
  /** Open connections. */
  readonly sockets: Set<Socket>;
  /** Connections ever made. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** @param answer called for each request head, and given what has come with it so far */
export async function rawUpstream(answer: (socket: Socket, request: string) => unknown): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    let request = '';
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      request += chunk.toString('latin1');
      if (!request.includes('\r\n\r\n')) return;
      const head = request;
      request = '';
      void answer(socket, head);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    sockets,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Keeps what it is told. */
export class Recorder implements UpstreamListener {
  /** `start`, `information`, `head`, `whole`, `data`, `end`, `error`. */
  readonly order: string[] = [];
  readonly informations: [number, string[]][] = [];
  status = 0;
  message = '';
  headers: string[] = [];
  readonly chunks: Buffer[] = [];
  trailers: string[] = [];
  error: (Error & { code?: string }) | undefined;
  controls: UpstreamControls | undefined;
  /** What to do when told something, by its name in `order`. */
  readonly act: (name: string, recorder: Recorder) => unknown;
  readonly over: Promise<Recorder>;
  #end: (recorder: Recorder) => void = () => undefined;

  constructor(act: (name: string, recorder: Recorder) => unknown = () => undefined) {
    this.act = act;
    this.over = new Promise((resolve) => (this.#end = resolve));
  }

  get body(): Buffer {
    return Buffer.concat(this.chunks);
  }

  onStart(controls: UpstreamControls): void {
    this.controls = controls;
    this.#note('start');
  }

  onInformation(status: number, headers: string[]): void {
    this.informations.push([status, headers]);
    this.#note('information');
  }

  onHead(status: number, message: string, headers: string[]): void {
    Object.assign(this, { status, message, headers });
    this.#note('head');
  }

  onWhole(status: number, message: string, headers: string[], body: string): void {
    Object.assign(this, { status, message, headers });
    this.chunks.push(Buffer.from(body, 'latin1'));
    this.#note('whole');
    this.#end(this);
  }

  onData(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    return this.#note('data') !== false;
  }

  onEnd(trailers: string[]): void {
    this.trailers = trailers;
    this.#note('end');
    this.#end(this);
  }

  onError(error: Error): void {
    this.error = error;
    this.#note('error');
    this.#end(this);
  }

  #note(name: string): unknown {
    this.order.push(name);
    return this.act(name, this);
  }
}

/** Sends a request, by default a GET of `/`, and keeps what its listener is told. */
export function send(
  upstream: Upstream,
  request: Partial<UpstreamRequest> & { origin: string },
  recorder: Recorder = new Recorder(),
): Recorder {
  upstream.send(
    { guarded: false, longLived: false, method: 'GET', path: '/', headers: ['Host', 'upstream'], body: null, ...request },
    recorder,
  );
  return recorder;
}
