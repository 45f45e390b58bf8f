import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookedAtBytes, mcpNameFromHeaders, mcpNameOfBody } from './mcp-name.ts';

const call = (params: unknown, method: unknown = 'tools/call'): Buffer =>
  Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
const found = (body: Buffer | string): unknown[] => {
  const { method, name, batch } = mcpNameOfBody(body) ?? {};
  return [method, name, batch];
};
const nothing = [undefined, undefined, undefined];

describe('mcpNameOfBody', () => {
  it.each([
    ['a tool', call({ name: 'echo', arguments: { name: 'other', uri: 'x' } }), ['tools/call', 'echo', false]],
    ['a prompt', call({ name: 'greet' }, 'prompts/get'), ['prompts/get', 'greet', false]],
    ['a resource', call({ uri: 'file:///a/b', name: 'x' }, 'resources/read'), ['resources/read', 'file:///a/b', false]],
    ['no name of methods that have none', call({ name: 'x', uri: 'y' }, 'resources/list'), ['resources/list', undefined, false]],
    ['a method without parameters', Buffer.from('{"method":"ping"}'), ['ping', undefined, false]],
    ['parameters before the method', Buffer.from('{"params":{"name":"echo"},"method":"tools/call"}'), ['tools/call', 'echo', false]],
    ['arguments before the name', call({ arguments: { a: ['}', '"', { name: 'no' }] }, name: 'echo' }), ['tools/call', 'echo', false]],
    ['text of one character a byte', call({ name: 'é' }).toString('latin1'), ['tools/call', 'é', false]],
    ['other scripts', call({ name: '研究' }), ['tools/call', '研究', false]],
    [
      'the first of several',
      Buffer.from(`[${call({ name: 'a' }).toString()},${call({ name: 'b' }).toString()}]`),
      ['tools/call', 'a', true],
    ],
    ['several without a method', Buffer.from('[{"id":1,"result":{}}]'), [undefined, undefined, true]],
    [
      'escaped keys, which hide from nobody',
      Buffer.from('{"m\\u0065thod":"tools/call","par\\u0061ms":{"n\\u0061me":"echo"}}'),
      ['tools/call', 'echo', false],
    ],
    ['an escaped method', Buffer.from('{"method":"tools\\/call","params":{"name":"\\u0065cho"}}'), ['tools/call', 'echo', false]],
    ['what a byte order mark precedes', Buffer.from('\ufeff {"method":"ping"}'), ['ping', undefined, false]],
  ])('finds %s', (_name, body, expected) => {
    expect(found(body)).toEqual(expected);
  });

  it.each([
    ['method', '{"method":"ping","method":"tools/list"}', ['tools/list', undefined, false]],
    ['method that is no text', '{"method":"ping","method":1}', nothing],
    ['params', '{"method":"tools/call","params":{"name":"a"},"params":{}}', ['tools/call', undefined, false]],
    ['name', '{"method":"tools/call","params":{"name":"a","n\\u0061me":"b"}}', ['tools/call', 'b', false]],
    ['name that is no text', '{"method":"tools/call","params":{"name":"a","name":null}}', ['tools/call', undefined, false]],
  ])('takes the last %s of two, as parsers do', (_name, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    ['a response', '{"jsonrpc":"2.0","id":1,"result":{"method":"x"}}'],
    ['nothing', ''],
    ['no JSON', 'method=tools/call'],
    ['a text', '"method"'],
    ['an array in an array', '[[{"method":"ping"}]]'],
    ['a broken escape', '{"method":"\\x"}'],
    ['UTF-16', Buffer.from('{"method":"ping"}', 'utf16le')],
  ])('finds nothing in %s', (_name, body) => {
    expect(mcpNameOfBody(body)?.method).toBeUndefined();
  });

  it.each([
    ['the method', '{"method":"tools/ca', nothing],
    ['the name', '{"method":"tools/call","params":{"name":"ech', ['tools/call', undefined, false]],
    ['the arguments', '{"method":"tools/call","params":{"name":"echo","arguments":{"a":"', ['tools/call', 'echo', false]],
  ])('tells what came before the end within %s', (_name, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('looks at the first 4 KB only', () => {
    const body = Buffer.from(`{"id":"${'x'.repeat(lookedAtBytes)}","method":"ping"}`);
    expect(mcpNameOfBody(body)).toBeUndefined();
    expect(mcpNameOfBody(body.toString('latin1'))).toBeUndefined();
  });

  it('makes names fit for a log: short, no control characters, nothing that hides or turns text', () => {
    expect(found(call({ name: 'a\r\nlevel=error\u0000\u001b[31m\u202e\u2028b' }))).toEqual(['tools/call', 'alevel=error[31mb', false]);
    expect(found(call({ name: 'x'.repeat(500) }))).toEqual(['tools/call', `${'x'.repeat(127)}…`, false]);
    expect(found(call({}, `${'\u0007'.repeat(600)}x`))).toEqual(nothing);
  });

  it.each([
    ['https://ada:secret@example.com/a@b?token=secret#secret', 'https://example.com/a@b'],
    ['https://ada@example.com', 'https://example.com'],
    ['file:///home/a?b', 'file:///home/a'],
    ['mailto:someone?subject=x', 'mailto:someone'],
    ['a?https://b@c', 'a'],
  ])('tells of the resource %s only %s [SEC-1]', (uri, told) => {
    expect(found(call({ uri }, 'resources/read'))).toEqual(['resources/read', told, false]);
  });

  it.each([
    ['nesting', '['.repeat(5_000)],
    ['nesting in a request', `{"a":${'{"a":'.repeat(2_000)}`],
    ['escaped quotes', `{"method":"${'\\"'.repeat(5_000)}"}`],
    ['backslashes', `{"method":"${'\\'.repeat(5_000)}`],
    ['keys', `{${'"aaaaaaaaaaaaaaaa":1,'.repeat(1_000)}`],
    ['quotes', '{"'.repeat(5_000)],
  ])('is soon done with endless %s', (_name, text) => {
    const begun = performance.now();
    for (let turn = 0; turn < 20; turn += 1) mcpNameOfBody(text);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});

/** JSON text with members that may come twice and characters that may be escaped. */
const text = fc.letrec<{ value: string; string: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    tie('string'),
    fc.constantFrom('null', 'true', '-1.5e3', '0'),
    fc.array(tie('value'), { maxLength: 3 }).map((values) => `[${values.join(' , ')}]`),
    tie('object'),
  ),
  string: fc
    .tuple(
      fc.oneof(fc.constantFrom('method', 'params', 'name', 'uri', 'tools/call', 'prompts/get', 'a"\\b'), fc.string({ unit: 'binary' })),
      fc.array(fc.boolean()),
    )
    .map(
      ([plain, escape]) =>
        `"${Array.from(plain, (sign, index) => (escape[index] === true ? escaped(sign) : JSON.stringify(sign).slice(1, -1))).join('')}"`,
    ),
  object: fc
    .array(
      fc.tuple(
        fc.oneof(fc.constantFrom('"method"', '"params"', '"name"', '"m\\u0065thod"'), tie('string')),
        tie('value'),
        fc.constantFrom('', ' ', '\n\t'),
      ),
      { maxLength: 6 },
    )
    .map((members) => `{${members.map(([key, value, space]) => `${space}${key}${space}:${space}${value}${space}`).join(',')}}`),
}));

const escaped = (sign: string): string =>
  Array.from({ length: sign.length }, (_, index) => `\\u${sign.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');

/** What a whole parser makes of it, with names that a log may hold as they are. */
function parsed(source: string): unknown[] {
  const value = JSON.parse(source) as { method?: unknown; params?: { name?: unknown } };
  const method = typeof value.method === 'string' ? fit(value.method) : undefined;
  const { name } = Object(value.params) as { name?: unknown };
  const named = method === 'tools/call' || method === 'prompts/get';
  return [method, named && typeof name === 'string' && !Array.isArray(value.params) ? fit(name) : undefined];
}

const fit = (name: string): string | undefined => name.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '') || undefined;

describe('for any JSON object', () => {
  const request = fc
    .tuple(text.object, text.string, text.value)
    .map(([object, name, value]) => [
      object,
      object.replace('{', `{"method":"tools/call","params":{"name":${name},"arguments":${value}}${object.includes(':') ? ',' : ''}`),
    ]);

  it('finds what JSON.parse finds', () => {
    fc.assert(
      fc.property(request, (sources) => {
        for (const source of sources) {
          fc.pre(Buffer.byteLength(source) <= lookedAtBytes && source.length < 2_000);
          const [method, name] = found(Buffer.from(source));
          const expected = parsed(source).map((told) => (typeof told === 'string' && told.length > 128 ? `${told.slice(0, 127)}…` : told));
          expect([method, name]).toEqual(expected);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('never fails on a part of it, nor tells more than the whole holds', () => {
    fc.assert(
      fc.property(request, fc.nat(), ([, source = ''], cut) => {
        const [method, name] = found(Buffer.from(source).subarray(0, cut % (source.length + 1)));
        for (const told of [method, name]) expect(told === undefined || (typeof told === 'string' && told.length <= 128)).toBe(true);
      }),
    );
  });

  it('never fails on anything', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void mcpNameOfBody(Buffer.from(bytes))));
    fc.assert(
      fc.property(fc.stringMatching(/^[[{"\\:,\]}mu0 ]*$/), (source) => void mcpNameOfBody(source)),
      { numRuns: 1_000 },
    );
  });
});

describe('mcpNameFromHeaders', () => {
  it.each([
    ['tools/call', 'echo', { method: 'tools/call', name: 'echo' }],
    ['tools/call', '=?base64?56CU56m2?=', { method: 'tools/call', name: '研究' }],
    ['tools/call', '=?base64?!?=', { method: 'tools/call', name: '=?base64?!?=' }],
    ['tools/call', '=?base64?YQ0KYg==?=', { method: 'tools/call', name: 'ab' }],
    ['resources/read', 'https://u:p@h/a?q', { method: 'resources/read', name: 'https://h/a' }],
    ['tools/list', 'echo', { method: 'tools/list', name: undefined }],
    ['tools/call', undefined, { method: 'tools/call', name: undefined }],
    ['x'.repeat(300), undefined, { method: `${'x'.repeat(127)}…` }],
  ])('reads %s, %s', (method, name, expected) => {
    expect(mcpNameFromHeaders(method, name)).toMatchObject({ ...expected, batch: false, source: 'headers' });
  });

  it('tells nothing without a method', () => {
    expect(mcpNameFromHeaders(undefined, 'echo')).toBeUndefined();
  });

  it('never fails', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => void mcpNameFromHeaders('tools/call', `=?base64?${value}?=`)));
  });
});
