// Answers as bytes, read by the parser alone: what is accepted, what is refused and why, wherever the bytes are cut.
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { readPurely } from '../../test/answers.ts';
import { AnswerParser } from './answer-parser.ts';
import type { AnswerSink } from './answer-parser.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const accepted: [string, string, object, string?][] = [
  ['a counted body', `${ok}Content-Length: 2\r\n\r\nab`, { status: 200, message: 'OK', body: 'ab', reusable: true }],
  ['an empty counted body', `${ok}Content-Length: 0\r\n\r\n`, { body: '', reusable: true }],
  ['white space before a length', `${ok}Content-Length: \t 2\r\n\r\nab`, { headers: ['Content-Length', '2'], body: 'ab' }],
  ['a head without a reason', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', { message: '', reusable: true }],
  ['a reason of several words', 'HTTP/1.1 404 Not Found \xe9\r\nContent-Length: 0\r\n\r\n', { message: 'Not Found \xe9' }],
  ['header bytes above ASCII', `${ok}A: \xe9\xff\r\nContent-Length: 0\r\n\r\n`, { headers: ['A', '\xe9\xff', 'Content-Length', '0'] }],
  ['a header without a value', `${ok}A:\r\nContent-Length: 0\r\n\r\n`, { headers: ['A', '', 'Content-Length', '0'] }],
  ['a header many times', `${ok}A: 1\r\na: 2\r\nContent-Length: 0\r\n\r\n`, { headers: ['A', '1', 'a', '2', 'Content-Length', '0'] }],
  ['a chunked body', `${chunked}2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n`, { body: 'abcde', trailers: [], reusable: true }],
  ['chunk sizes of either case', `${chunked}a\r\n0123456789\r\nA\r\n0123456789\r\n00\r\n\r\n`, { body: '01234567890123456789' }],
  ['chunk extensions', `${chunked}2;a;b=c;d="e;\\"\r f"\r\nab\r\n0;x\r\n\r\n`.replace('\r f', ' f'), { body: 'ab', reusable: true }],
  ['trailers', `${chunked}2\r\nab\r\n0\r\nA: b\r\nC:d \r\n\r\n`, { body: 'ab', trailers: ['A', 'b', 'C', 'd'], reusable: true }],
  ['a body up to the close', `${ok}\r\nabc`, { body: 'abc', reusable: false }],
  ['HTTP/1.0 without a length', 'HTTP/1.0 200 OK\r\n\r\nabc', { body: 'abc', reusable: false }],
  ['HTTP/1.0 with a length', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na', { body: 'a', reusable: false }],
  ['HTTP/1.0 kept alive', 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\na', { reusable: true }],
  ['Connection: close', `${ok}Connection: Close\r\nContent-Length: 1\r\n\r\na`, { body: 'a', reusable: false }],
  ['close among other options', `${ok}Connection: x, close\r\nContent-Length: 1\r\n\r\na`, { reusable: false }],
  ['close and keep-alive', `${ok}Connection: keep-alive\r\nConnection: close\r\nContent-Length: 1\r\n\r\na`, { reusable: false }],
  [
    'informational heads',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok}Content-Length: 1\r\n\r\na`,
    { status: 200, informations: [[100, []], [103, ['Link', 'x']]], body: 'a', reusable: true }, // prettier-ignore
  ],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, body: '', reusable: true }],
  ['304 with the length of what it does not send', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', { body: '', reusable: true }],
  ['an answer to HEAD', `${ok}Content-Length: 5\r\n\r\n`, { headers: ['Content-Length', '5'], body: '', reusable: true }, 'HEAD'],
  ['a chunked answer to HEAD', chunked, { body: '', reusable: true }, 'HEAD'],
  ['an answer to HEAD without a length', `${ok}\r\n`, { body: '', reusable: true }, 'HEAD'],
  ['an answer to HEAD that has a body, which is not read', `${ok}Content-Length: 1\r\n\r\na`, { body: '', reusable: false }, 'HEAD'],
  ['204 that speaks of a body, which may come later', 'HTTP/1.1 204 No\r\nContent-Length: 1\r\n\r\n', { body: '', reusable: false }],
  ['a 204 that is chunked', 'HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', { body: '', reusable: false }],
  ['bytes after the body', `${ok}Content-Length: 1\r\n\r\nab`, { body: 'a', reusable: false }],
  ['a second answer', `${ok}Content-Length: 1\r\n\r\na${ok}Content-Length: 1\r\n\r\nb`, { body: 'a', reusable: false }],
  ['bytes after the last chunk', `${chunked}0\r\n\r\nx`, { body: '', reusable: false }],
  ['a head of 60 KB', `${ok}A: ${'b'.repeat(60_000)}\r\nContent-Length: 1\r\n\r\na`, { body: 'a', reusable: true }],
  ['a status nobody knows', 'HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n', { status: 999 }],
];

const refused: [string, string, string][] = [
  ['a bare line feed after the status', `HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n`, 'does not end with CR and LF'],
  ['a bare line feed in the head', `${ok}A: b\nContent-Length: 0\r\n\r\n`, 'does not end with CR and LF'],
  ['a bare line feed at the end of the head', `${ok}Content-Length: 0\r\n\n`, 'does not end with CR and LF'],
  ['a bare carriage return', `${ok}A: b\rC: d\r\nContent-Length: 0\r\n\r\n`, 'control character'],
  ['a folded header', `${ok}A: b\r\n c\r\nContent-Length: 0\r\n\r\n`, 'no valid name'],
  ['a folded header at the very beginning', `${ok} A: b\r\nContent-Length: 0\r\n\r\n`, 'no valid name'],
  ['white space before a colon', `${ok}Content-Length : 0\r\n\r\n`, 'no valid name'],
  ['a header without a name', `${ok}: b\r\n\r\n`, 'no valid name'],
  ['a header without a colon', `${ok}abc\r\n\r\n`, 'no valid name'],
  ['a name beyond ASCII', `${ok}\xe9: b\r\n\r\n`, 'no valid name'],
  ['NUL in a value', `${ok}A: b\0c\r\n\r\n`, 'control character'],
  ['DEL in a value', `${ok}A: b\x7fc\r\n\r\n`, 'control character'],
  ['NUL in the reason', 'HTTP/1.1 200 O\0K\r\n\r\n', 'control character'],
  ['HTTP/2.0', 'HTTP/2.0 200 OK\r\n\r\n', 'HTTP/1.1'],
  ['HTTP/0.9', 'HTTP/0.9 200 OK\r\n\r\n', 'HTTP/1.1'],
  ['HTTP/1.2', 'HTTP/1.2 200 OK\r\n\r\n', 'HTTP/1.1'],
  ['a version in lower case', 'http/1.1 200 OK\r\n\r\n', 'HTTP/1.1'],
  ['two spaces before the status', 'HTTP/1.1  200 OK\r\n\r\n', 'HTTP/1.1'],
  ['two digits', 'HTTP/1.1 20 OK\r\n\r\n', 'HTTP/1.1'],
  ['four digits', 'HTTP/1.1 2000 OK\r\n\r\n', 'HTTP/1.1'],
  ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n', 'HTTP/1.1'],
  ['a status that is no number', 'HTTP/1.1 2x0 OK\r\n\r\n', 'HTTP/1.1'],
  ['an empty line before the status', `\r\n${ok}Content-Length: 0\r\n\r\n`, 'HTTP/1.1'],
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'HTTP/1.1'],
  ['another protocol without an end of line', 'SSH-2.0', 'HTTP/1.1'],
  ['TLS', '\x15\x03\x01\x00\x02\x02', 'HTTP/1.1'],
  ['101', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n', 'switches protocols'],
  ['an informational head with a length', 'HTTP/1.1 103 X\r\nContent-Length: 5\r\n\r\n', 'informational answer has a body'],
  ['a chunked informational head', 'HTTP/1.1 103 X\r\nTransfer-Encoding: chunked\r\n\r\n', 'informational answer has a body'],
  ['a length with a sign', `${ok}Content-Length: +1\r\n\r\na`, 'not a number'],
  ['a negative length', `${ok}Content-Length: -1\r\n\r\na`, 'not a number'],
  ['a hexadecimal length', `${ok}Content-Length: 0x1\r\n\r\na`, 'not a number'],
  ['a list of lengths', `${ok}Content-Length: 1, 1\r\n\r\na`, 'not a number'],
  ['a length with a gap', `${ok}Content-Length: 1 1\r\n\r\na`, 'not a number'],
  ['white space after a length', `${ok}Content-Length: 1 \r\n\r\na`, 'not a number'],
  ['a tab after a coding', `${ok}Transfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n`, 'not "chunked"'],
  ['an empty length', `${ok}Content-Length:\r\n\r\na`, 'not a number'],
  ['a length of twenty digits', `${ok}Content-Length: 99999999999999999999\r\n\r\na`, 'not a number'],
  ['a length with vertical white space', `${ok}Content-Length: \x0b1\r\n\r\na`, 'control character'],
  ['two lengths that differ', `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\na`, 'more than one Content-Length'],
  ['two lengths that agree', `${ok}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`, 'more than one Content-Length'],
  ['a length and chunks', `${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 'two lengths'],
  ['chunks and a length', `${ok}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`, 'two lengths'],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'two lengths'],
  ['another coding', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 'not "chunked"'],
  ['a coding after chunked', `${ok}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`, 'not "chunked"'],
  ['identity', `${ok}Transfer-Encoding: identity\r\n\r\na`, 'not "chunked"'],
  ['a coding that looks like chunked', `${ok}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 'not "chunked"'],
  ['chunked in quotes', `${ok}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`, 'not "chunked"'],
  ['no coding', `${ok}Transfer-Encoding:\r\n\r\n`, 'not "chunked"'],
  ['chunked twice', `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 'more than one Transfer-Encoding'],
  ['a chunk size that is no number', `${chunked}x\r\n`, 'size of a chunk'],
  ['a chunk size with a prefix', `${chunked}0x2\r\nab\r\n0\r\n\r\n`, 'size of a chunk'],
  ['a chunk size with a sign', `${chunked}+2\r\nab\r\n0\r\n\r\n`, 'size of a chunk'],
  ['a chunk size with a space', `${chunked}2 \r\nab\r\n0\r\n\r\n`, 'size of a chunk'],
  ['an empty chunk size', `${chunked}\r\n\r\n`, 'size of a chunk'],
  ['a chunk size that is only an extension', `${chunked};a\r\n\r\n`, 'size of a chunk'],
  ['a bare line feed after a chunk size', `${chunked}2\nab\r\n0\r\n\r\n`, 'size of a chunk'],
  ['a bare carriage return after a chunk size', `${chunked}2\rab\r\n0\r\n\r\n`, 'end with CR and LF'],
  ['a chunk of 2^53 bytes', `${chunked}20000000000000\r\n`, 'larger than can be counted'],
  ['a chunk of 2^64 bytes', `${chunked}10000000000000000\r\n`, 'larger than can be counted'],
  ['a chunk longer than its size', `${chunked}2\r\nabc\r\n0\r\n\r\n`, 'end with CR and LF'],
  ['a bare line feed after a chunk', `${chunked}2\r\nab\n0\r\n\r\n`, 'end with CR and LF'],
  ['an extension without a name', `${chunked}2;\r\nab\r\n0\r\n\r\n`, 'extension'],
  ['an extension without a value', `${chunked}2;a=\r\nab\r\n0\r\n\r\n`, 'extension'],
  ['white space in an extension', `${chunked}2; a=b\r\nab\r\n0\r\n\r\n`, 'extension'],
  ['an extension with an open quote', `${chunked}2;a="b\r\nab\r\n0\r\n\r\n`, 'extension'],
  ['an extension with more after its quote', `${chunked}2;a="b"c\r\nab\r\n0\r\n\r\n`, 'extension'],
  ['an escape at the end of an extension', `${chunked}2;a="\\\r\nab\r\n0\r\n\r\n`, 'extension'],
  ['a bare line feed in an extension', `${chunked}2;a\nab\r\n0\r\n\r\n`, 'extension'],
  ['a chunk line of 300 bytes', `${chunked}2;a=${'b'.repeat(300)}\r\n`, 'too long'],
  ['a chunk size of 300 zeros', `${chunked}${'0'.repeat(300)}\r\n`, 'too long'],
  ['a length in the trailers', `${chunked}0\r\nContent-Length: 1\r\n\r\n`, 'speak of its length'],
  ['a coding in the trailers', `${chunked}0\r\nTransfer-Encoding: chunked\r\n\r\n`, 'speak of its length'],
  ['a bare line feed in the trailers', `${chunked}0\r\nA: b\n\r\n`, 'does not end with CR and LF'],
  ['trailers of 17 KB', `${chunked}0\r\nA: ${'b'.repeat(17_000)}\r\n\r\n`, 'too large'],
  ['a head of 66 KB', `${ok}A: ${'b'.repeat(66_000)}\r\n\r\n`, 'too large'],
  ['a head without end', `${ok}A: ${'b'.repeat(66_000)}`, 'too large'],
  ['1001 headers', `${ok}${'A: b\r\n'.repeat(1_001)}\r\n`, 'too large'],
  ['informational heads without end', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(257), 'too many informational'],
  ['informational heads of 66 KB together', `HTTP/1.1 103 X\r\nA: ${'b'.repeat(11_000)}\r\n\r\n`.repeat(6), 'too large'],
  ['a counted body cut short', `${ok}Content-Length: 2\r\n\r\na`, 'cut short'],
  ['a chunk cut short', `${chunked}2\r\na`, 'cut short'],
  ['a chunked body without a last chunk', `${chunked}2\r\nab\r\n`, 'cut short'],
  ['trailers cut short', `${chunked}0\r\nA: b\r\n`, 'cut short'],
  ['a head cut short', `${ok}A: b\r\n`, 'cut short'],
  ['an informational head and nothing more', 'HTTP/1.1 100 Continue\r\n\r\n', 'cut short'],
  ['nothing', '', 'cut short'],
]; // prettier-ignore

describe('an answer', () => {
  it.each(accepted)('may have %s', (_name, text, expected, method = 'GET') => {
    expect(readPurely(bytes(text), { method })).toMatchObject(expected);
  });

  it.each(refused)('is refused with %s', (_name, text, why) => {
    expect((readPurely(bytes(text)) as { refused: string }).refused).toContain(why);
  });

  it.each([...accepted, ...refused].filter(([, text]) => text.length < 2_000))(
    'reads the same wherever it is cut: %s',
    (...[, text, , method = 'GET']) => {
      const whole = withoutReuse(readPurely(bytes(text), { method }));
      const everywhere = Array.from({ length: text.length }, (_, place) => place);
      for (const place of everywhere) expect(withoutReuse(readPurely(bytes(text), { cuts: [place], method }))).toEqual(whole);
      expect(withoutReuse(readPurely(bytes(text), { cuts: everywhere, method }))).toEqual(whole);
    },
  );

  it('is refused or read whole wherever one byte of it is another one, and never read in two ways', () => {
    const samples = accepted.map(([, text]) => text).filter((text) => text.length < 400);
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), fc.nat(255), fc.array(fc.nat(400)), (text, place, byte, cuts) => {
        const changed = bytes(text);
        changed[place % changed.length] = byte;
        expect(withoutReuse(readPurely(changed, { cuts }))).toEqual(withoutReuse(readPurely(changed)));
      }),
      { numRuns: 3_000 },
    );
  });

  it('never makes the parser fail in another way, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('', ok, chunked, `${chunked}2\r\n`), (noise, start) => {
        const outcome = readPurely(Buffer.concat([bytes(start), noise]));
        expect('refused' in outcome ? typeof outcome.refused : typeof outcome.status).toMatch(/string|number/);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('the parser', () => {
  it('gives a short counted answer as a whole, one that comes with more as its parts', () => {
    expect(told(`${ok}Content-Length: 2\r\n\r\nab`)).toEqual(['whole']);
    expect(told(`${ok}Content-Length: 0\r\n\r\n`)).toEqual(['whole']);
    expect(told('HTTP/1.1 204 No\r\n\r\n')).toEqual(['whole']);
    expect(told(`${ok}Content-Length: 16384\r\n\r\n${'a'.repeat(16_384)}`)).toEqual(['whole']);
    expect(told(`${ok}Content-Length: 16385\r\n\r\n${'a'.repeat(16_385)}`)).toEqual(['head', 'body', 'end']);
    expect(told(`${ok}Content-Length: 2\r\n\r\nabc`)).toEqual(['head', 'body', 'end']);
    expect(told(`HTTP/1.1 102 P\r\n\r\n${ok}Content-Length: 2\r\n\r\nab`)).toEqual(['information', 'whole']);
    expect(told(`${ok}A: ${'b'.repeat(30_000)}\r\nContent-Length: 2\r\n\r\nab`)).toEqual(['whole']);
  });

  it('reads byte after byte of a large head in time that grows with its size', () => {
    const text = bytes(`${ok}A: ${'b'.repeat(60_000)}\r\nContent-Length: 0\r\n\r\n`);
    const start = performance.now();
    expect(readPurely(text, { cuts: Array.from({ length: text.length }, (_, place) => place) })).toMatchObject({ status: 200 });
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('says what the server tells of its idle time', () => {
    const parser = new AnswerParser(silent);
    const read = (value: string): number => {
      const text = bytes(`${ok}Keep-Alive: ${value}\r\nContent-Length: 0\r\n\r\n`);
      parser.begin(false);
      parser.read(text, text.length);
      return parser.framing.idleMs;
    };
    expect(['timeout=5', 'Timeout=72, max=100', 'max=5', 'timeout=', 'timeout=x', 'timeout=99999999999999999999'].map(read)).toEqual([
      5_000, 72_000, -1, -1, -1, -1,
    ]);
  });
});

const silent: AnswerSink = { onInformation() {}, onHead() {}, onWhole() {}, onBody() {}, onEnd() {} };

function told(text: string): string[] {
  const order: string[] = [];
  const parser = new AnswerParser({
    onInformation: () => void order.push('information'),
    onHead: () => void order.push('head'),
    onWhole: () => void order.push('whole'),
    onBody: () => void order.push('body'),
    onEnd: () => void order.push('end'),
  });
  parser.begin(false);
  parser.read(bytes(text), text.length);
  return order;
}

/** Whether a connection is spoilt by what follows an answer depends on whether it has come yet. */
function withoutReuse(outcome: object): object {
  return { ...outcome, reusable: undefined };
}
