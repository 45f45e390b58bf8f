// Requests with another one hidden in them, in every way in which two readers may disagree about where a request ends.

/** `head` makes a POST to the attacker of these header lines; `hidden` is a whole request to the neighbour. */
export type Smuggle = (head: (...lines: readonly string[]) => string, hidden: string) => string;

const chunked = 'Transfer-Encoding: chunked';
const inOneChunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

/** Each is refused, and its connection is closed. */
export const smuggles: readonly [name: string, status: number, Smuggle][] = [
  ['a length and chunks', 400, (head, hidden) => `${head('Content-Length: 5', chunked)}0\r\n\r\n${hidden}`],
  ['chunks and a length', 400, (head, hidden) => `${head(chunked, 'Content-Length: 5')}0\r\n\r\n${hidden}`],
  ['a length of nothing and chunks', 400, (head, hidden) => head('Content-Length: 0', chunked) + hidden],
  ['two lengths', 400, (head, hidden) => head('Content-Length: 0', `Content-Length: ${hidden.length}`) + hidden],
  ['one length twice', 400, (head, hidden) => head('Content-Length: 0', 'Content-Length: 0') + hidden],
  ['a list of lengths', 400, (head, hidden) => head(`Content-Length: 0, ${hidden.length}`) + hidden],
  ['a length with a sign', 400, (head, hidden) => head('Content-Length: +0') + hidden],
  ['a negative length', 400, (head, hidden) => head('Content-Length: -1') + hidden],
  ['a length in hexadecimal', 400, (head, hidden) => head('Content-Length: 0x0') + hidden],
  ['a length with text behind it', 400, (head, hidden) => head('Content-Length: 0 x') + hidden],
  ['a length of 2^64', 400, (head, hidden) => head('Content-Length: 18446744073709551616') + hidden],
  ['an unknown coding', 400, (head, hidden) => `${head('Transfer-Encoding: xchunked')}0\r\n\r\n${hidden}`],
  ['a coding in quotes', 400, (head, hidden) => `${head('Transfer-Encoding: "chunked"')}0\r\n\r\n${hidden}`],
  ['a coding behind chunks', 400, (head, hidden) => `${head('Transfer-Encoding: chunked, identity')}0\r\n\r\n${hidden}`],
  ['two lines of codings', 400, (head, hidden) => `${head(chunked, 'Transfer-Encoding: identity')}0\r\n\r\n${hidden}`],
  ['a vertical tab before chunks', 400, (head, hidden) => `${head('Transfer-Encoding:\x0bchunked')}0\r\n\r\n${hidden}`],
  ['a space before a colon', 400, (head, hidden) => `${head('Transfer-Encoding : chunked')}0\r\n\r\n${hidden}`],
  ['a folded coding', 400, (head, hidden) => `${head('X-A: a', ` ${chunked}`)}0\r\n\r\n${hidden}`],
  ['a folded value', 400, (head, hidden) => `${head('Transfer-Encoding:', ' chunked')}0\r\n\r\n${hidden}`],
  ['a length behind a bare line feed', 400, (head, hidden) => head(`X-A: a\nContent-Length: ${hidden.length}`) + hidden],
  ['a length behind a bare carriage return', 400, (head, hidden) => head(`X-A: a\rContent-Length: ${hidden.length}`) + hidden],
  ['bare line feeds', 400, (head, hidden) => head('Content-Length: 0').replaceAll('\r\n', '\n') + hidden],
  ['a NUL in a value', 400, (head, hidden) => head('X-A: a\0b', 'Content-Length: 0') + hidden],
  ['a NUL in a name', 400, (head, hidden) => head('Content-Length\0: 0') + hidden],
  ['a header without a name', 400, (head, hidden) => head(': a', 'Content-Length: 0') + hidden],
  ['a header of 100 KB', 431, (head, hidden) => head(`X-A: ${'a'.repeat(100_000)}`) + hidden],
  ['a chunk size with a prefix', 400, (head, hidden) => `${head(chunked)}0x0\r\n\r\n${hidden}`],
  ['a chunk size with a sign', 400, (head, hidden) => `${head(chunked)}-0\r\n\r\n${hidden}`],
  ['a chunk size with a space before it', 400, (head, hidden) => `${head(chunked)} 0\r\n\r\n${hidden}`],
  ['a chunk size beyond counting', 400, (head, hidden) => `${head(chunked)}10000000000000000\r\n\r\n${hidden}`],
  ['a bare line feed behind a chunk size', 400, (head, hidden) => `${head(chunked)}0\n\r\n${hidden}`],
  ['a bare line feed in a chunk extension', 400, (head, hidden) => `${head(chunked)}1;a\nx\r\n0\r\n\r\n${hidden}`],
  ['a bare carriage return in a chunk extension', 400, (head, hidden) => `${head(chunked)}1;a\rx\r\n0\r\n\r\n${hidden}`],
  ['a chunk extension of 100 KB', 413, (head, hidden) => `${head(chunked)}1;a=${'a'.repeat(100_000)}\r\nx\r\n0\r\n\r\n${hidden}`],
  ['a chunk longer than it says', 400, (head, hidden) => `${head(chunked)}1\r\nxy\r\n0\r\n\r\n${hidden}`],
  ['bare line feeds between chunks', 400, (head, hidden) => `${head(chunked)}1\nx\n0\n\n${hidden}`],
  ['a length in the trailers', 400, (head, hidden) => `${head(chunked)}0\r\nContent-Length: 5\r\n\r\n${hidden}`],
  ['a coding that no upstream is told of', 400, (head, hidden) => head('Transfer-Encoding: gzip, chunked') + inOneChunk(hidden)],
  ['two hosts', 400, (head, hidden) => head('Host: evil.example.com', 'Content-Length: 0', 'Connection: close') + hidden],
  ['another version', 400, (head, hidden) => head('Content-Length: 0').replace('HTTP/1.1', 'HTTP/1.2') + hidden],
  ['a method that there is not', 400, (head, hidden) => head('Content-Length: 0').replace('POST', 'SMUGGLE') + hidden],
  ['a tunnel', 405, (head, hidden) => head('Content-Length: 0').replace(/^POST \S+/, 'CONNECT 127.0.0.1:80') + hidden],
];

/** Each is one request with a body, whatever that looks like. */
export const bodies: readonly [name: string, Smuggle][] = [
  ['its length', (head, hidden) => head(`Content-Length: ${hidden.length}`) + hidden],
  ['a chunk', (head, hidden) => head(chunked) + inOneChunk(hidden)],
  ['a chunk with an extension', (head, hidden) => head(chunked) + inOneChunk(hidden).replace('\r\n', ';a="0;b"\r\n')],
  [
    'chunks of one byte',
    (head, hidden) =>
      `${head(chunked)}${hidden
        .split('')
        .map((byte) => `1\r\n${byte}\r\n`)
        .join('')}0\r\n\r\n`,
  ],
  [
    'a length that Connection names',
    (head, hidden) => head(`Content-Length: ${hidden.length}`, 'Connection: close, Content-Length') + hidden,
  ],
  ['chunks that Connection names', (head, hidden) => head(chunked, 'Connection: close, Transfer-Encoding') + inOneChunk(hidden)],
  [
    'a length, with an offer of h2c',
    (head, hidden) =>
      head(`Content-Length: ${hidden.length}`, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk') + hidden,
  ],
  ['a chunk of HTTP/1.0', (head, hidden) => head(chunked).replace('HTTP/1.1', 'HTTP/1.0') + inOneChunk(hidden)],
  ['a length behind 70,000 bytes', (head, hidden) => `${head(`Content-Length: ${70_000 + hidden.length}`)}${'x'.repeat(70_000)}${hidden}`],
  ['a chunk behind 70,000 bytes', (head, hidden) => head(chunked) + inOneChunk(`${'x'.repeat(70_000)}${hidden}`)],
];
