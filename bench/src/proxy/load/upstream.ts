// The upstream of the sections about memory and streams: sources and sinks of bytes, fast and slow, and event streams, idle and busy.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { toolAnswer } from '../identity.ts';
import { createEventStreams } from './event-streams.ts';

const piece = Buffer.alloc(65_536, 'x');
/** A slow reader takes one piece in so many milliseconds. */
const slowMs = 50;

const streams = createEventStreams();
const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void>> = {
  '/probe': (_request, response) => void response.end('{}'),
  '/mcp': (request, response) =>
    void request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(toolAnswer)),
  '/download': (_request, response, query) => download(response, Number(query.get('bytes'))),
  '/upload': count,
  '/upload-slowly': (request, response) => {
    request.on('data', () => {
      request.pause();
      setTimeout(() => request.resume(), slowMs);
    });
    count(request, response);
  },
  '/events': (_request, response) => streams.open(response),
  '/events/announce': (_request, response) => void response.end(streams.announce()),
  '/events/play': (_request, response, query) => {
    streams.play(Number(query.get('events')));
    response.end();
  },
  '/events/open': (_request, response) => void response.end(String(streams.count())),
};

createServer({ keepAliveTimeout: 75_000, requestTimeout: 0 }, (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://upstream');
  const answer = answers[pathname];
  if (answer === undefined) response.writeHead(404).end();
  else answer(request, response, searchParams);
}).listen({ port: Number(process.env['PORT']), host: '127.0.0.1', backlog: 8_192 });

function download(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes });
  let left = bytes;
  const more = (): void => {
    while (left > 0) {
      const next = left >= piece.length ? piece : piece.subarray(0, left);
      left -= next.length;
      if (!response.write(next)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

function count(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => (bytes += chunk.length));
  request.on('end', () => response.end(String(bytes)));
}
