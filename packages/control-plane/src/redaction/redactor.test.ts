import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, redactDeep } from './redactor.ts';

const secret = 'p@ss w"rd/1+ü';

describe('a redactor', () => {
  it.each([
    ['as it is', `a ${secret} b`, 'a *** b'],
    ['twice', `${secret}${secret}`, '***'],
    ['percent-encoded', `?k=${encodeURIComponent(secret)}&x`, '?k=***&x'],
    ['percent-encoded in lower case', `?k=${encodeURIComponent(secret).toLowerCase()}`, '?k=***'],
    ['as a form field', `k=${encodeURIComponent(secret).replaceAll('%20', '+')}`, 'k=***'],
    ['in JSON', JSON.stringify({ k: secret }), '{"k":"***"}'],
    ['in JSON inside JSON', JSON.stringify({ k: JSON.stringify(secret) }), '{"k":"\\"***\\""}'],
    ['in hex', Buffer.from(secret).toString('hex'), '***'],
  ])('finds a value %s [SEC-1]', (_name, text, expected) => {
    expect(createRedactor([secret])(text)).toEqual(expected);
  });

  it.each(['', 'x', 'user:', 'someone@example.com:'])('finds a value in the base64 of a longer text, after %j [SEC-1]', (before) => {
    const text = Buffer.from(`${before}${secret}:tail`).toString('base64');
    const redacted = createRedactor([secret])(`Authorization: Basic ${text}`);
    expect(redacted).toContain('***');
    const rest = redacted
      .replace('Authorization: Basic ', '')
      .split('***')
      .map((part) => Buffer.from(part, 'base64').toString());
    expect(rest.join(' ')).not.toContain('w"rd');
  });

  it('finds each line of a value of several lines', () => {
    expect(createRedactor(['-----BEGIN-----\nabcdefgh\nijklmnop\n'])('x abcdefgh y\nijklmnop')).toBe('x *** y\n***');
  });

  it('takes values that overlap or hold each other as a whole', () => {
    expect(createRedactor(['abcdefgh', 'efghijkl', 'cdefghij'])('1abcdefghijkl2')).toBe('1***2');
  });

  it('finds a value cut off at the end or start of a line', () => {
    const redact = createRedactor(['0123456789abcdef']);
    expect(redact('token 0123456789ab')).toBe('token ***');
    expect(redact('456789abcdef rest')).toBe('*** rest');
    expect(redact('token 01234')).toBe('token 01234');
  });

  it.each(['a', 'abc', '8000', '65535', 'true', 'Production', 'localhost', '0.0.0.0', ''])('takes %j for no secret', (value) => {
    expect(createRedactor([value])('GET 8000 true Production localhost 0.0.0.0 abc a 65535')).toBe(
      'GET 8000 true Production localhost 0.0.0.0 abc a 65535',
    );
  });

  it('finds short values as words only', () => {
    expect(createRedactor(['k3y9'])('k3y9 =k3y9; xk3y9 k3y9z')).toBe('*** =***; xk3y9 k3y9z');
  });

  it('leaves no value of six characters and more in any text', () => {
    const value = fc
      .string({ minLength: 6, maxLength: 40 })
      .filter((text) => text.trim().length >= 6 && !/[\r\n]/.test(text) && !/^[*]+$/.test(text));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), fc.array(fc.string(), { maxLength: 5 }), (values, texts) => {
        const redacted = createRedactor(values)(values.flatMap((each, index) => [texts[index] ?? ' ', each]).join(''));
        const left = values.filter((each) => !each.includes('*') && !/^\d{1,5}$/.test(each) && redacted.includes(each));
        expect(left.filter((each) => !ordinary.test(each.trim()))).toEqual([]);
      }),
    );
  });

  it('goes through plain data', () => {
    const redact = createRedactor(['s3cret-value']);
    expect(redactDeep({ a: ['x s3cret-value', 1, null], b: { c: true } }, redact)).toEqual({ a: ['x ***', 1, null], b: { c: true } });
  });
});

const ordinary =
  /^(production|development|staging|testing|localhost|default|enabled|disabled|verbose|warning|silent|127\.0\.0\.1|0\.0\.0\.0|streamable-http|streaming-http)$/i;
