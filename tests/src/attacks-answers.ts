// Answers of a server that attacks: what it says, and how it ends.
import type { Step } from './attacks-caller.ts';

export const ok = 'HTTP/1.1 200 OK\r\n';
export const counted = `${ok}Content-Type: application/json\r\n`;
export const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const streamed = `${ok}Content-Type: text/event-stream\r\n\r\n`;
const events = `${ok}Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n`;
const end = { ending: 'end' } as const;
const hang = { ending: 'hang' } as const;
const reset = { ending: 'reset' } as const;

/** No head of it can be passed on. */
export const unreadable: readonly [name: string, ...Step[]][] = [
  ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n', hang],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', hang],
  ['frames of HTTP/2', '\x00\x00\x12\x04\x00\x00\x00\x00\x00', hang],
  ['a version of its own', 'HTTP/1.9 200 OK\r\nContent-Length: 0\r\n\r\n', hang],
  ['a status of two digits', 'HTTP/1.1 99 OK\r\nContent-Length: 0\r\n\r\n', hang],
  ['a change of protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n', hang],
  ['two lengths', `${ok}Content-Length: 2\r\nContent-Length: 7\r\n\r\n{}`, hang],
  ['a list of lengths', `${ok}Content-Length: 2, 2\r\n\r\n{}`, hang],
  ['a negative length', `${ok}Content-Length: -1\r\n\r\n`, hang],
  ['a length with a sign', `${ok}Content-Length: +2\r\n\r\n{}`, hang],
  ['a length beyond counting', `${ok}Content-Length: 99999999999999999999\r\n\r\n{}`, hang],
  ['a length and chunks', `${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`, hang],
  ['chunks and a length', `${ok}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n`, hang],
  ['a coding before chunks', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, hang],
  ['a coding that is nearly chunks', `${ok}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, hang],
  ['chunks twice', `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, hang],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', hang],
  ['a space before a colon', `${ok}Content-Length : 2\r\n\r\n{}`, hang],
  ['a folded header', `${ok}X-A: a\r\n Content-Length: 2\r\n\r\n{}`, hang],
  ['a header without a name', `${ok}: a\r\nContent-Length: 0\r\n\r\n`, hang],
  ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', hang],
  ['a NUL in a header', `${ok}X-A: a\0b\r\nContent-Length: 0\r\n\r\n`, hang],
  ['a NUL in a name', `${ok}X\0A: a\r\nContent-Length: 0\r\n\r\n`, hang],
  ['a header split by a carriage return', `${ok}X-A: a\rSet-Cookie: runlayer_session=x\r\nContent-Length: 0\r\n\r\n`, hang],
  ['a header split by a line feed', `${ok}X-A: a\nSet-Cookie: runlayer_session=x\r\nContent-Length: 0\r\n\r\n`, hang],
  ['a status line split by a carriage return', 'HTTP/1.1 200 OK\rX-A: a\r\nContent-Length: 0\r\n\r\n', hang],
  ['100 MB of headers', ok, { repeat: `X-A: ${'a'.repeat(1_000)}\r\n`, times: 100_000 }, hang],
  ['a header line without end', `${ok}X-A: `, { repeat: 'a'.repeat(1_000) }],
  ['a status line without end', 'HTTP/1.1 200 ', { repeat: 'a'.repeat(1_000) }],
  ['empty headers without end', ok, { repeat: 'a:\r\n' }],
  ['preliminary answers without end', { repeat: 'HTTP/1.1 102 Processing\r\n\r\n' }],
  ['preliminary answers with bodies', 'HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n', ok, hang],
];

export const closing: readonly [name: string, ...Step[]][] = [
  ['a closed connection and no word', end],
  ['a connection that is reset', reset],
  ['half a status line', 'HTTP/1.1 2', end],
  ['half a head', `${ok}Content-Length: 2\r\nX-A`, end],
  ['half a head and a reset', `${ok}Content-Length: 2\r\n`, reset],
  ['a preliminary answer and nothing else', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n', end],
];

/** The head is good, and the rest is not what it says. */
export const broken: readonly [name: string, ...Step[]][] = [
  ['a length that is too long', `${counted}Content-Length: 1000\r\n\r\n{}`, end],
  ['a length that is too long, and a reset', `${counted}Content-Length: 1000\r\n\r\n{}`, reset],
  ['a body without a length, and a reset', `${ok}\r\nhalf`, reset],
  ['a head and a reset', `${counted}Content-Length: 2\r\n\r\n`, reset],
  ['chunks that end in the middle of one', `${chunked}10\r\nhalf`, end],
  ['chunks without the last one', `${chunked}2\r\n{}\r\n`, end],
  ['chunks that end within the last one', `${chunked}2\r\n{}\r\n0\r\n`, end],
  ['a chunk longer than it says', `${chunked}2\r\n{}{}\r\n0\r\n\r\n`, hang],
  ['a chunk shorter than it says', `${chunked}3\r\n{}\r\n0\r\n\r\n`, hang],
  ['a chunk size that is none', `${chunked}2\r\n{}\r\nzz\r\n`, hang],
  ['a chunk size with a sign', `${chunked}-2\r\n{}\r\n0\r\n\r\n`, hang],
  ['a chunk of 2^64 bytes', `${chunked}10000000000000002\r\n{}\r\n0\r\n\r\n`, hang],
  ['a chunk extension without end', `${chunked}2;a=`, { repeat: 'a'.repeat(1_000) }],
  ['bare line feeds between chunks', `${chunked}2\n{}\n0\n\n`, hang],
  ['trailers without end', `${chunked}2\r\n{}\r\n0\r\n`, { repeat: `X-A: ${'a'.repeat(1_000)}\r\n` }],
  ['a length in the trailers', `${chunked}2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n`, hang],
  ['an event stream that breaks off', `${events}9\r\ndata: 1\n\n\r\n`, end],
  ['an event stream that breaks off in an event', `${events}7\r\ndata: 1\r\n`, reset],
];

/** Neither an answer nor an end. */
export const silent: readonly [name: string, outcome: 504 | 'cut', ...Step[]][] = [
  ['no answer at all', 504, hang],
  ['half a head and then nothing', 504, `${ok}X-A: a\r\n`, hang],
  ['a head drop by drop', 504, ok, { drip: 'X-A: a\r\n', everyMs: 200 }],
  ['preliminary answers, one now and then', 504, { drip: 'HTTP/1.1 102 Processing\r\n\r\n', everyMs: 200 }],
  ['half a body and then nothing', 'cut', `${counted}Content-Length: 1000\r\n\r\n{`, hang],
  ['half a chunk and then nothing', 'cut', `${chunked}10\r\nhalf`, hang],
];

/** Without end. */
export const floods: readonly [name: string, head: string, piece: Step & object][] = [
  ['a body', chunked, { repeat: `400\r\n${'a'.repeat(1_024)}\r\n` }],
  ['a line of an event', `${streamed}data: `, { repeat: 'a'.repeat(1_024) }],
  ['the id of an event', `${streamed}id: `, { repeat: 'a'.repeat(1_024) }],
  ['comments', streamed, { repeat: `: ${'a'.repeat(1_024)}\n\n` }],
];
