import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64url } from './decode-base64url.ts';

const into = new Uint8Array(1024);

/** What the text spells, in hex; `undefined` when it is refused. */
function decode(text: string, start = 0, end = text.length): string | undefined {
  const length = decodeBase64url(Buffer.from(text, 'latin1'), start, end, into);
  return length < 0 ? undefined : Buffer.from(into.subarray(0, length)).toString('hex');
}

/** The same by the slow way: decode, encode, compare. */
function naive(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes.toString('hex') : undefined;
}

describe('base64url', () => {
  it('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decode(Buffer.from(bytes).toString('base64url'))).toBe(Buffer.from(bytes).toString('hex'));
      }),
    );
  });

  const character = fc.oneof(
    fc.constantFrom('A', 'B', 'E', 'Q', 'g', 'w', 'z', '0', '9', '-', '_'),
    fc.constantFrom('+', '/', '=', '.', ' ', '\n', '\u0000', 'é', '\u007f'),
  );
  it('is refused exactly where decoding and encoding anew changes it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: character, maxLength: 12 }), fc.base64String()), (text) => {
        expect(decode(text)).toBe(naive(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes one spelling of each last character, and no other', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const taken = (length: number): string =>
      alphabet
        .split('')
        .filter((last) => decode('A'.repeat(length - 1) + last) !== undefined)
        .join('');
    expect(taken(2)).toBe('AQgw');
    expect(taken(3)).toBe('AEIMQUYcgkosw048');
    expect(taken(4)).toBe(alphabet);
  });

  it('is read between two places of a longer text', () => {
    expect(decode('!!!.aGVsbG8.!!!', 4, 11)).toBe(Buffer.from('hello').toString('hex'));
    expect(decode('', 0, 0)).toBe('');
  });
});
