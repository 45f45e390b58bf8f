// The port to the servers behind the proxy: one request out, one answer in, as small as the proxy needs it.
import type { Readable } from 'node:stream';

/** One request to an upstream. */
export interface UpstreamRequest {
  /** `http://10.0.0.7:8000` or `https://mcp.example.com`. */
  readonly origin: string;
  /** Whether the origin came from a person: its address is then checked before it is connected. */
  readonly guarded: boolean;
  /** Whether a long answer is likely: such requests keep connections of their own, so that calls never wait for them. */
  readonly longLived: boolean;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn; values hold one byte per character. */
  readonly headers: string[];
  /** The chunks of a stream are given up to the adapter: nobody reads them again. */
  readonly body: Buffer | Readable | null;
  /** Trailers of the body, names and values in turn, asked for when it has ended. Adapters that cannot send any leave them out. */
  readonly trailers?: (() => string[]) | undefined;
}

/** Steers a running request. */
export interface UpstreamControls {
  /** Goes on after {@link UpstreamListener.onData} returned false. */
  resume(): void;
  /** Destroys the connection at once; nothing is told after it. */
  abort(): void;
}

/** Is told of the answer. After `onEnd` or `onError` nothing follows. */
export interface UpstreamListener {
  /** The first byte is about to be written: from here on a repetition may have an effect twice. */
  onStart(controls: UpstreamControls): void;
  /** A 1xx answer. */
  onInformation(status: number, headers: string[]): void;
  onHead(status: number, message: string, headers: string[]): void;
  /**
   * In place of `onHead`, `onData` and `onEnd`: a short answer that came in one piece, with its body as one character a byte. Only
   * adapters that read the socket themselves call it.
   */
  onWhole(status: number, message: string, headers: string[], body: string): void;
  /**
   * Returns false to pause.
   *
   * @param isOwn whether the listener alone has the chunk's memory
   */
  onData(chunk: Buffer, isOwn?: boolean): boolean;
  onEnd(trailers: string[]): void;
  onError(error: Error): void;
}

/** Bounds of an adapter, milliseconds. */
export interface UpstreamLimits {
  readonly connectTimeoutMs: number;
  readonly firstByteTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
}

/** Sends requests, keeping connections for reuse. */
export interface Upstream {
  send(request: UpstreamRequest, listener: UpstreamListener): void;
  /** Cuts what runs and closes every connection. */
  close(): Promise<void>;
}

/** Thrown into a connection attempt whose address is not public. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'ADDRESS_REFUSED';
}
