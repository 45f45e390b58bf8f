import { describe, expect, it } from 'vitest';
import { editDistance, nearestWord } from './nearest.ts';

const words = ['memory', 'platform', 'enable_db', 'cpu', 'env'];

describe('nearestWord', () => {
  it.each([
    ['memroy', 'memory'],
    ['Memory', 'memory'],
    ['enableDB', 'enable_db'],
    ['enable-db', 'enable_db'],
    ['plattform', 'platform'],
    ['cpus', 'cpu'],
    ['evn', 'env'],
    ['healthcheck', undefined],
    ['x', undefined],
    ['', undefined],
    ['m'.repeat(10_000), undefined],
  ])('takes %s to mean %s [CFG-10]', (written, meant) => {
    expect(nearestWord(written, words)).toBe(meant);
  });

  it.each([
    ['', '', 0],
    ['a', '', 1],
    ['ab', 'ba', 1],
    ['kitten', 'sitting', 3],
  ])('counts the edits from %j to %j: %d', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });
});
