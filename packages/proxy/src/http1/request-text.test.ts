// The head of a request as it is written, and all that is never written.
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UpstreamRequest } from '../upstream.ts';
import { requestText, trailerText } from './request-text.ts';

const request: UpstreamRequest = {
  origin: 'http://10.0.0.7:8000',
  guarded: false,
  longLived: false,
  method: 'GET',
  path: '/mcp?a=b',
  headers: ['Host', 'localhost:8000', 'Accept', '*/*'],
  body: null,
};
const head = (change: Partial<UpstreamRequest>): string => requestText({ ...request, ...change }, '10.0.0.7:8000').head;
const start = 'Host: localhost:8000\r\nAccept: */*\r\n';

describe('the head of a request', () => {
  it.each([
    ['GET without a body has no length', {}, `GET /mcp?a=b HTTP/1.1\r\n${start}\r\n`],
    ['HEAD without a body has no length', { method: 'HEAD' }, `HEAD /mcp?a=b HTTP/1.1\r\n${start}\r\n`],
    ['DELETE without a body has no length', { method: 'DELETE' }, `DELETE /mcp?a=b HTTP/1.1\r\n${start}\r\n`],
    ['POST without a body says so', { method: 'POST' }, `POST /mcp?a=b HTTP/1.1\r\n${start}Content-Length: 0\r\n\r\n`],
    [
      'a body is counted in bytes',
      { method: 'POST', body: Buffer.from('é') },
      `POST /mcp?a=b HTTP/1.1\r\n${start}Content-Length: 2\r\n\r\n`,
    ],
    ['OPTIONS may ask about the server', { method: 'OPTIONS', path: '*' }, `OPTIONS * HTTP/1.1\r\n${start}\r\n`],
    [
      'header bytes go as they are',
      { headers: ['Host', 'h', 'A', '\xe9\t\xff'] },
      'GET /mcp?a=b HTTP/1.1\r\nHost: h\r\nA: \xe9\t\xff\r\n\r\n',
    ],
    ['a missing Host is the origin', { headers: [] }, 'GET /mcp?a=b HTTP/1.1\r\nHost: 10.0.0.7:8000\r\n\r\n'],
    [
      'a stream without a length is chunked',
      { method: 'PUT', body: Readable.from([]) },
      `PUT /mcp?a=b HTTP/1.1\r\n${start}Transfer-Encoding: chunked\r\n\r\n`,
    ],
    [
      'a stream with a length is counted',
      { method: 'PUT', headers: ['Host', 'h', 'content-length', '7'], body: Readable.from([]) },
      'PUT /mcp?a=b HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n\r\n',
    ],
  ] satisfies [string, Partial<UpstreamRequest>, string][])('%s', (_name, change, expected) => {
    expect(head(change)).toBe(expected);
  });

  it.each([
    ['a line feed in a value', { headers: ['A', 'b\nc'] }],
    ['a carriage return in a value', { headers: ['A', 'b\rc'] }],
    ['NUL in a value', { headers: ['A', 'b\0c'] }],
    ['a character whose low byte is a line feed', { headers: ['A', 'b\u010ac'] }],
    ['a character beyond one byte', { headers: ['A', '研'] }],
    ['a line feed in a name', { headers: ['A\nB', 'c'] }],
    ['a colon in a name', { headers: ['A: b\r\nC', 'd'] }],
    ['a name with a space', { headers: ['A ', 'b'] }],
    ['no name', { headers: ['', 'b'] }],
    ['a name without a value', { headers: ['A'] }],
    ['a line feed in the path', { path: '/a\nb' }],
    ['a space in the path', { path: '/a HTTP/1.1' }],
    ['a character whose low byte is a space in the path', { path: '/a\u0120b' }],
    ['a path that is none', { path: 'mcp' }],
    ['no path', { path: '' }],
    ['an absolute address as a path', { path: 'http://other/' }],
    ['a method with a space', { method: 'GET /x' }],
    ['a method with a line feed', { method: 'GET\r\nA: b' }],
    ['no method', { method: '' }],
    ['Transfer-Encoding of the caller', { headers: ['Transfer-Encoding', 'chunked'] }],
    ['Connection of the caller', { headers: ['connection', 'close'] }],
    ['Upgrade', { headers: ['Upgrade', 'websocket'] }],
    ['Expect', { headers: ['Expect', '100-continue'] }],
    ['two Hosts', { headers: ['Host', 'a', 'host', 'b'] }],
    ['two lengths', { headers: ['Content-Length', '0', 'content-length', '0'] }],
    ['a length that is no number', { headers: ['Content-Length', '+1'] }],
  ] satisfies [string, Partial<UpstreamRequest>][])('is never written with %s', (_name, change) => {
    expect(() => head(change)).toThrow(expect.objectContaining({ code: 'UND_ERR_INVALID_ARG' }));
  });

  it.each([
    ['longer', Buffer.from('abcd')],
    ['shorter', Buffer.from('ab')],
    ['missing', null],
  ])('is never written with a length when the body is %s', (_name, body) => {
    expect(() => head({ method: 'POST', headers: ['Content-Length', '3'], body })).toThrow(
      expect.objectContaining({ code: 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH' }),
    );
  });

  it('is never written for CONNECT', () => {
    expect(() => head({ method: 'CONNECT' })).toThrow(expect.objectContaining({ code: 'UND_ERR_NOT_SUPPORTED' }));
  });

  it('has as many lines as it has headers, whatever is in them, or is refused', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(text, text, fc.array(text, { maxLength: 6 }), (method, path, headers) => {
        let written: string;
        try {
          written = head({ method, path: `/${path}`, headers });
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^UND_ERR_/);
          return;
        }
        expect(headers.length % 2).toBe(0);
        const lines = Buffer.from(written, 'latin1').toString('latin1').split('\r\n');
        const names = headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
        const added = (names.includes('host') ? 0 : 1) + (expected(method) ? 1 : 0) - (names.includes('content-length') ? 1 : 0);
        expect(lines.length).toBe(1 + names.length + added + 2);
        expect(lines.join('')).not.toMatch(/[\r\n\0]/);
      }),
      { numRuns: 3_000 },
    );
  });
});

const expected = (method: string): boolean => ['POST', 'PUT', 'PATCH'].includes(method);

describe('the trailers of a request', () => {
  it('end with an empty line', () => {
    expect(trailerText([])).toBe('\r\n');
    expect(trailerText(['A', 'b', 'C', 'd'])).toBe('A: b\r\nC: d\r\n\r\n');
  });

  it.each([
    ['a line feed', ['A', 'b\nc']],
    ['a length', ['Content-Length', '1']],
    ['a host', ['Host', 'a']],
    ['a coding', ['Transfer-Encoding', 'chunked']],
    ['no value', ['A']],
  ])('are never written with %s', (_name, trailers) => {
    expect(() => trailerText(trailers)).toThrow(expect.objectContaining({ code: 'UND_ERR_INVALID_ARG' }));
  });
});
