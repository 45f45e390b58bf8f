import { array, assert, constantFrom, property } from 'fast-check';
import { expect, it } from 'vitest';
import { like } from './condition-holds.ts';

const letters = (...of: string[]) => array(constantFrom(...of), { maxLength: 8 }).map((characters) => characters.join(''));

it('matches patterns as a regular expression does', () => {
  assert(
    property(letters('a', 'b', '.', '$'), letters('a', 'b', '.', '$', '*', '?'), (value, pattern) => {
      const source = pattern.replaceAll(/[.$]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
      expect(like(value, pattern)).toBe(new RegExp(`^${source}$`).test(value));
    }),
    { numRuns: 2000 },
  );
});

it('answers patterns of many stars, on which regular expressions never end', () => {
  expect(like('a'.repeat(4000), `${'*a'.repeat(2000)}*b`)).toBe(false);
});
