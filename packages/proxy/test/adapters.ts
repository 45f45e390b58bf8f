// The adapters of the upstream port, and what its tests need to hold them to the same promises.
import type { Socket } from 'node:net';
import { createHttp1Upstream } from '../src/http1/http1-upstream.ts';
import { createUndiciUpstream } from '../src/undici-upstream.ts';
import type { Upstream, UpstreamLimits } from '../src/upstream.ts';
import { rawUpstream } from './raw-upstream.ts';
import type { RawUpstream } from './raw-upstream.ts';

/** Names and factories of the adapters. */
export const adapters: [string, (limits: UpstreamLimits) => Upstream][] = [
  ['http1', createHttp1Upstream],
  ['undici', (limits) => createUndiciUpstream(limits, { allowAddress: () => true, lookup: undefined })],
];

const closers: (() => unknown)[] = [];

/** Closes what was opened here. Call it after each test. */
export async function closeUpstreams(): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close();
}

export function closeLater(close: () => unknown): void {
  closers.push(close);
}

/** A client with generous limits, but for those named. */
export function openUpstream(create: (limits: UpstreamLimits) => Upstream, change: Partial<UpstreamLimits> = {}): Upstream {
  const client = create({ connectTimeoutMs: 5_000, firstByteTimeoutMs: 20_000, keepAliveTimeoutMs: 4_000, ...change });
  closers.push(() => client.close());
  return client;
}

/** A server that answers each request head with bytes. */
export async function serve(answer: (socket: Socket, request: string) => unknown): Promise<RawUpstream> {
  const upstream = await rawUpstream(answer);
  closers.push(() => upstream.close());
  return upstream;
}

/** undici gives a connection back a moment after it has told the end. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export const ok = 'HTTP/1.1 200 OK\r\n';
export const hello: string = `${ok}Content-Length: 5\r\n\r\nhello`;
