import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { subjectFromHeaders, subjectHeaders } from '../headers/index.ts';
import type { HeaderVectors } from './vectors.ts';

const written = JSON.parse(readFileSync(new URL('../../vectors/headers.json', import.meta.url), 'utf8')) as HeaderVectors;

/** As `req.headers` of Node has them, with each repeated header as a list or joined. */
function plain(lines: readonly (readonly [string, string])[], join: boolean): Record<string, string | string[]> {
  const found: Record<string, string[]> = {};
  for (const [name, value] of lines) (found[name.toLowerCase()] ??= []).push(value);
  return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, join ? values.join(', ') : values]));
}

describe('plain headers of the vectors', () => {
  it.each(written.good.filter((vector) => vector.written))('are written for $name [ID-2, ID-6]', ({ subject, headers }) => {
    expect(subjectHeaders(subject)).toEqual(headers);
  });

  it.each(written.good)('are read for $name [ID-2, ID-6]', ({ subject, headers }) => {
    expect(subjectFromHeaders(plain(headers, false))).toEqual(subject);
    expect(subjectFromHeaders(plain(headers, true))).toEqual(subject);
    expect(subjectFromHeaders(Object.fromEntries(headers))).toEqual(subject);
  });

  it.each(written.good)('survive a web request and a line of HTTP/1 for $name [ID-2]', ({ subject, headers }) => {
    // An empty name is the one value that is sent as nothing.
    for (const [, value] of headers) expect(value).toMatch(/^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/);
    expect(subjectFromHeaders(new Headers(headers.map(([name, value]): [string, string] => [name, value])))).toEqual(subject);
  });

  it.each(written.bad)('are refused for $name [ID-2, ID-6]', ({ headers, code }) => {
    for (const join of [false, true]) expect(() => subjectFromHeaders(plain(headers, join))).toThrow(expect.objectContaining({ code }));
  });
});
