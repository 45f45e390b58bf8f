import fc from 'fast-check';
import { expect, it } from 'vitest';
import { freshSeconds } from './cache-control.ts';

const fresh = (headers: Record<string, string>): number => freshSeconds(new Headers(headers));

it.each<[string | undefined, number]>([
  [undefined, 600],
  ['', 600],
  ['public', 600],
  ['public, max-age=300', 300],
  ['PUBLIC,MAX-AGE=300', 300],
  ['max-age="300"', 300],
  ['max-age=600', 600],
  ['max-age=601', 600],
  ['max-age=9999999999', 600],
  ['max-age=1', 1],
  ['max-age=0', 1],
  ['s-maxage=7', 600],
  ['s-maxage=7, max-age=300', 300],
  ['x-max-age=7', 600],
  ['max-age=300, must-revalidate, stale-while-revalidate=60', 300],
  ['no-store', 1],
  ['no-store, max-age=300', 1],
  ['max-age=300, no-cache', 1],
  ['no-cache="set-cookie"', 1],
  ['max-age', 1],
  ['max-age=', 1],
  ['max-age=-1', 1],
  ['max-age=1.5', 1],
  ['max-age=3e2', 1],
  ['max-age= 300', 1],
  ['max-age =300', 1],
  ['max-age="300', 1],
  ['max-age=300"', 1],
  ['max-age=99999999999', 1],
  ['max-age=300, max-age=300', 1],
  ['max-age=soon', 1],
])('an answer with Cache-Control %j is fresh for %i s [ID-4]', (value, seconds) => {
  expect(fresh(value === undefined ? {} : { 'cache-control': value })).toBe(seconds);
});

it.each<[string, number]>([
  ['100', 200],
  ['300', 1],
  ['9999999999', 1],
  ['0', 300],
  ['-5', 300],
  ['soon', 300],
])('an answer that is %s s old loses them from its 300 s: %i are left', (age, seconds) => {
  expect(fresh({ 'cache-control': 'max-age=300', age })).toBe(seconds);
});

it('any text gives between 1 and 600 s', () => {
  const text = fc.string({ unit: fc.constantFrom('max-age', 'no-store', '=', ',', '"', ' ', '1', '9', 'x'), maxLength: 12 });
  fc.assert(
    fc.property(text, text, (control, age) => {
      const seconds = fresh({ 'cache-control': control, age });
      expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 600).toBe(true);
    }),
  );
});
