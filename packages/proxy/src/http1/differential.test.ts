// The same bytes read by this client, by Node's and by undici's: what this one accepts, they read alike; what it alone refuses is listed here.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPurely, socketReaders } from '../../test/answers.ts';
import type { Delivery, Outcome, Reading, SocketReaders } from '../../test/answers.ts';

let readers: SocketReaders;
beforeAll(async () => {
  readers = await socketReaders();
});
afterAll(() => readers.close());

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** What Node or undici would read, and this client refuses: why, with what words, and an example. */
const stricter: [string, string, string][] = [
  ['another version would be passed on as an answer of 1.1', 'does not begin with a status line', 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['only servers may skip an empty line (RFC 9112, section 2.2)', 'does not begin with a status line', `\r\n${ok}Content-Length: 0\r\n\r\n`],
  ['nor one that is a bare line feed', 'does not end with CR and LF', `\n${ok}Content-Length: 0\r\n\r\n`],
  ['there is no status below 100', 'does not begin with a status line', 'HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n'],
  ['nobody asked to switch', 'switches protocols', 'HTTP/1.1 101 Switching\r\n\r\n'],
  ['a reason is text (RFC 9112, section 4)', 'The reason of the answer', 'HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n'],
  ['a 1xx answer has no body (RFC 9112, section 6.1): who reads one reads the next answer elsewhere', 'informational answer has a body', `HTTP/1.1 103 X\r\nContent-Length: 5\r\n\r\n${ok}Content-Length: 0\r\n\r\n`],
  ['a length of more than 15 digits', 'The Content-Length of the answer', `${ok}Content-Length: 00000000000000000002\r\n\r\nab`],
  ['another coding would reach the caller without a word that says so', 'is not "chunked"', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ['white space after a length', 'The Content-Length of the answer', `${ok}Content-Length: 2 \r\n\r\nab`],
  ['a tab after a coding: Node and undici do not take it for chunked, others do', 'is not "chunked"', `${ok}Transfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n`],
  ['a coding twice', 'more than one Transfer-Encoding', `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['HTTP/1.0 has no chunks (RFC 9112, section 6.1)', 'two lengths, or a chunked body in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['an extension without its value', 'A chunk extension is not well formed', `${chunked}0;a=\r\n\r\n`],
  ['a chunk line is short', 'The line of a chunk size is too long', `${chunked}0;${'a'.repeat(300)}\r\n\r\n`],
  ['a trailer may not speak of the framing', 'speak of its length', `${chunked}0\r\nTransfer-Encoding: chunked\r\n\r\n`],
  ['a thousand headers', 'too large', `${ok}${'A: b\r\n'.repeat(1_100)}Content-Length: 0\r\n\r\n`],
]; // prettier-ignore

describe('what this client alone refuses', () => {
  it.each(stricter)('%s', async (_why, words, text) => {
    const ours = readPurely(bytes(text));
    expect('refused' in ours && ours.refused).toContain(words);
    const others = await Promise.all(
      [readers.node(bytes(text)), readers.undici(bytes(text))].map(async (reading) => 'refused' in (await reading)),
    );
    expect(others).toContain(false);
  });
});

describe('any answer', () => {
  it('is read as Node and undici read it, in whatever pieces it comes, or refused', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(answers, deliveries, async (text, delivery) => {
        await agree(bytes(text), delivery);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 200) },
    );
  });

  it('is read alike with one byte of it changed, left out or put in', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...samples), fc.nat(), mutations, deliveries, async (text, place, mutate, delivery) => {
        await agree(bytes(mutate(text, place % text.length)), delivery);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 300) },
    );
  });

  it('is read alike, or refused, when the connection is closed after each of its bytes', { timeout: 240_000 }, async () => {
    for (const text of samples.slice(0, 4)) {
      for (let end = 0; end < text.length; end += 1) await agree(bytes(text.slice(0, end)), {});
    }
  });
});

async function agree(answer: Buffer, delivery: Delivery): Promise<void> {
  const pure = readPurely(answer, delivery);
  const read = [readers.ours(answer, delivery), readers.node(answer, delivery), readers.undici(answer, delivery)];
  const [ours, node, undici] = (await Promise.all(read)) as [Outcome, Outcome, Outcome];
  const { reusable, ...reading } = pure as Reading & { reusable?: boolean };
  expect(ours).toEqual(reading);
  if ('refused' in ours) {
    if (!('refused' in node && 'refused' in undici))
      expect(stricter.some(([, words]) => ours.refused.includes(words)) || ours.refused).toBe(true);
    return;
  }
  // Node gives up an answer that comes in one read with bytes after it; like undici, this client gives it and closes the connection.
  const surplus = 'refused' in node && reusable === false && /Expected HTTP|Data after/.test(node.refused);
  if (!surplus) expect(trimmed(node)).toEqual(ours);
  // undici reads a reason as UTF-8, and loses the part of it that came in an earlier read.
  if (!('refused' in undici)) expect({ ...trimmed(undici), message: ours.message }).toEqual(ours);
}

/** White space after a value is no part of it; undici leaves it. */
function trimmed(outcome: Outcome): Outcome {
  if ('refused' in outcome) return outcome;
  const trim = (list: string[]): string[] => list.map((part) => part.replace(/^[ \t]+|[ \t]+$/g, ''));
  const informations = outcome.informations.map(([status, headers]): [number, string[]] => [status, trim(headers)]);
  return { ...outcome, informations, headers: trim(outcome.headers), trailers: trim(outcome.trailers) };
}

const deliveries: fc.Arbitrary<Delivery> = fc.record({
  cuts: fc.array(fc.nat(400), { maxLength: 4 }),
  method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD'),
});

const fields = fc.constantFrom(
  'A: b', 'Content-Length: 0', 'Content-Length: 3', 'Content-Length:3 ', 'content-length: 03', 'Content-Length: 3,3', 'Transfer-Encoding: chunked',
  'transfer-encoding: Chunked', 'Transfer-Encoding: gzip', 'Connection: close', 'Connection: keep-alive', 'Keep-Alive: timeout=5', 'Connection: upgrade',
  'Upgrade: x', 'Trailer: A', 'X:', 'X:\t\xe9 ', 'A : b', ' A: b', 'A\xe9: b', 'A: b\nB: c', 'A: b\rB: c', 'A: \x00', 'Content-Length',
); // prettier-ignore

const bodies = fc.constantFrom(
  '', 'abc', 'abcd', '3\r\nabc\r\n0\r\n\r\n', '1;a=b\r\na\r\n2\r\nbc\r\n0\r\n\r\n', '3\r\nabc\r\n0\r\nA: b\r\n\r\n', '3\r\nabc\r\n0\r\n\r\nmore',
  '3\r\nabcd\r\n0\r\n\r\n', '3 \r\nabc\r\n0\r\n\r\n', '3\nabc\n0\n\n', 'abcHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', '0;x="y"\r\n\r\n', '03\r\nabc\r\n00\r\n\r\n',
); // prettier-ignore

const lines = fc.constantFrom(
  ok, ok, ok, ok, 'HTTP/1.0 200 OK\r\n', 'HTTP/1.1 204 No Content\r\n', 'HTTP/1.1 304 Not Modified\r\n', 'HTTP/1.1 404\r\n', 'HTTP/1.1 500 \xe9 \r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n', 'HTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n', 'HTTP/1.1 102 P\r\nContent-Length: 3\r\n\r\nHTTP/1.1 200 OK\r\n',
  'HTTP/2.0 200 OK\r\n', 'HTTP/1.1 101 X\r\n', 'HTTP/1.1 200 OK\n', '\r\nHTTP/1.1 200 OK\r\n', 'HTTP/1.1 20 OK\r\n', 'HTTP/1.1 2000 OK\r\n',
); // prettier-ignore

const answers = fc
  .tuple(lines, fc.array(fields, { maxLength: 4 }), bodies)
  .map(([line, head, body]) => `${line}${head.map((field) => `${field}\r\n`).join('')}\r\n${body}`);

const samples = [
  `${ok}Content-Length: 3\r\nX: y\r\n\r\nabc`,
  `${chunked}3\r\nabc\r\n0\r\n\r\n`,
  `${chunked}3;a=b\r\nabc\r\n0\r\nA: b\r\n\r\n`,
  `HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n${ok}Content-Length: 1\r\n\r\na`,
  `${ok}Connection: close\r\n\r\nabc`,
  'HTTP/1.1 204 No Content\r\nA: b\r\n\r\n',
  `${ok}Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 3\r\n\r\nabc`,
];

type Mutation = (text: string, place: number) => string;

const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constant<Mutation>((text, place) => text.slice(0, place) + text.slice(place + 1)),
  fc.constantFrom('\r', '\n', '\r\n', '\0', ' ', '\t', ':', ';', ',', '0', '1', 'a', '"', '\x7f', '\x80').chain((extra) =>
    fc.constantFrom<Mutation>(
      (text, place) => text.slice(0, place) + extra + text.slice(place),
      (text, place) => text.slice(0, place) + extra + text.slice(place + 1),
    ),
  ),
  fc.constant<Mutation>((text, place) => text.slice(0, place) + text.slice(Math.floor(place / 2))),
);
