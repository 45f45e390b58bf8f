// Reads the same bytes as an answer in three ways: this package's parser, Node's client and undici's.
import { request } from 'node:http';
import { Client } from 'undici';
import { AnswerParser } from '../src/http1/answer-parser.ts';
import type { AnswerSink } from '../src/http1/answer-parser.ts';
import { createHttp1Upstream } from '../src/http1/http1-upstream.ts';
import type { Upstream } from '../src/upstream.ts';
import { rawUpstream, send } from './raw-upstream.ts';

/** What all three allow a head. */
const headBytes = 65_536;

/** What an answer says, or why it was refused. */
export interface Reading {
  readonly informations: [number, string[]][];
  readonly status: number;
  readonly message: string;
  readonly headers: string[];
  readonly body: string;
  readonly trailers: string[];
}

export type Outcome = Reading | { readonly refused: string };

/** How bytes come: cut at these places, and to what method they are the answer. */
export interface Delivery {
  readonly cuts?: readonly number[];
  readonly method?: string;
}

/** The pieces of some bytes. */
export function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.filter((place) => place > 0 && place < bytes.length).toSorted((a, b) => a - b), bytes.length];
  return places
    .slice(1)
    .map((end, index) => bytes.subarray(places[index], end))
    .filter((piece) => piece.length > 0);
}

/** By the parser alone, with a clean end of the connection after the last byte. */
export function readPurely(bytes: Buffer, { cuts = [], method = 'GET' }: Delivery = {}): Outcome & { reusable?: boolean } {
  const sink = new CollectingSink();
  const parser = new AnswerParser(sink);
  parser.begin(method === 'HEAD');
  try {
    for (const piece of cut(bytes, cuts)) {
      // The parser may move bytes of its buffer: it gets a copy of its own.
      const buffer = Buffer.from(piece);
      sink.buffer = buffer;
      if (parser.busy) parser.read(buffer, buffer.length);
      else parser.reusable = false;
    }
    parser.finish();
  } catch (error) {
    return { refused: (error as Error).message };
  }
  return sink.ended ? { ...sink.reading, reusable: parser.reusable } : { refused: 'cut short' };
}

class CollectingSink implements AnswerSink {
  buffer: Buffer = Buffer.alloc(0);
  ended = false;
  reading: Reading = { informations: [], status: 0, message: '', headers: [], body: '', trailers: [] };

  onInformation(status: number, headers: string[]): void {
    this.reading.informations.push([status, headers]);
  }

  onHead(status: number, message: string, headers: string[]): void {
    if (this.ended || this.reading.status !== 0) throw new Error('two heads');
    this.reading = { ...this.reading, status, message, headers };
  }

  onWhole(status: number, message: string, headers: string[], body: string): void {
    this.onHead(status, message, headers);
    this.reading = { ...this.reading, body };
    this.ended = true;
  }

  onBody(start: number, end: number): void {
    if (this.ended || this.reading.status === 0) throw new Error('a body outside an answer');
    this.reading = { ...this.reading, body: this.reading.body + this.buffer.toString('latin1', start, end) };
  }

  onEnd(trailers: string[]): void {
    if (this.ended) throw new Error('two ends');
    this.reading = { ...this.reading, trailers };
    this.ended = true;
  }
}

/** Readers that fetch the bytes from a server on loopback. */
export interface SocketReaders {
  ours(bytes: Buffer, delivery?: Delivery): Promise<Outcome>;
  node(bytes: Buffer, delivery?: Delivery): Promise<Outcome>;
  undici(bytes: Buffer, delivery?: Delivery): Promise<Outcome>;
  close(): Promise<void>;
}

export async function socketReaders(): Promise<SocketReaders> {
  let pieces: Buffer[] = [];
  const upstream = await rawUpstream(async (socket) => {
    for (const piece of pieces) await new Promise((sent) => void socket.write(piece, () => setImmediate(sent)));
    socket.end();
  });
  const prepare = (bytes: Buffer, { cuts = [], method = 'GET' }: Delivery = {}): string => {
    pieces = cut(bytes, cuts);
    return method;
  };
  const http1 = createHttp1Upstream({ connectTimeoutMs: 5_000, firstByteTimeoutMs: 10_000, keepAliveTimeoutMs: 0 });
  return {
    ours: (bytes, delivery) => readWithOurs(http1, upstream.origin, prepare(bytes, delivery)),
    node: (bytes, delivery) => readWithNode(upstream.port, prepare(bytes, delivery)),
    undici: (bytes, delivery) => readWithUndici(upstream.origin, prepare(bytes, delivery)),
    async close() {
      await http1.close();
      await upstream.close();
    },
  };
}

async function readWithOurs(http1: Upstream, origin: string, method: string): Promise<Outcome> {
  const told = await send(http1, { origin, method, path: '/' }).over;
  const { informations, status, message, headers, trailers, error } = told;
  return error === undefined
    ? { informations, status, message, headers, body: told.body.toString('latin1'), trailers }
    : { refused: error.code === 'ECONNRESET' ? 'cut short' : error.message };
}

function readWithNode(port: number, method: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const informations: [number, string[]][] = [];
    const refuse = (error: Error): void => resolve({ refused: error.message });
    const req = request({ method, port, host: '127.0.0.1', agent: false, maxHeaderSize: headBytes });
    req.on('information', ({ statusCode, rawHeaders }) => void informations.push([statusCode, rawHeaders]));
    req
      .on('continue', () => undefined)
      .on('error', refuse)
      .on('upgrade', () => refuse(new Error('upgrade')));
    req.on('response', (res) => {
      let body = '';
      res.setEncoding('latin1').on('data', (chunk: string) => (body += chunk));
      res.on('error', refuse).on('end', () => {
        const { statusCode: status = 0, statusMessage: message = '', rawHeaders: headers, rawTrailers: trailers } = res;
        resolve(res.complete ? { informations, status, message, headers, body, trailers } : { refused: 'incomplete' });
      });
    });
    req.end();
  });
}

async function readWithUndici(origin: string, method: string): Promise<Outcome> {
  const client = new Client(origin, { maxHeaderSize: headBytes });
  const outcome = await new Promise<Outcome>((resolve) => {
    let reading: Reading = { informations: [], status: 0, message: '', headers: [], body: '', trailers: [] };
    client.dispatch(
      { method, path: '/' },
      {
        onRequestStart: () => undefined,
        onResponseStart({ rawHeaders }, status, _headers, message = '') {
          const headers = latin1(rawHeaders);
          if (status < 200) reading.informations.push([status, headers]);
          else reading = { ...reading, status, message, headers };
        },
        onResponseData: (_controller, chunk) => void (reading = { ...reading, body: reading.body + chunk.toString('latin1') }),
        onResponseEnd: ({ rawTrailers }) => resolve({ ...reading, trailers: latin1(rawTrailers) }),
        onResponseError: (_controller, error) => resolve({ refused: error.message }),
      },
    );
  });
  await client.destroy();
  return outcome;
}

function latin1(raw: unknown): string[] {
  return Array.isArray(raw) ? raw.map((part: Buffer | string) => (typeof part === 'string' ? part : part.toString('latin1'))) : [];
}
