import { expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';

it.each([
  ['-- node a.ts', { optional: false, command: 'node', args: ['a.ts'] }],
  ['--optional -- vitest run', { optional: true, command: 'vitest', args: ['run'] }],
  ['-- a -- --optional', { optional: false, command: 'a', args: ['--', '--optional'] }],
  ['node a.ts', undefined],
  ['--', undefined],
  ['--other -- node', undefined],
])('reads "%s"', (words, expected) => {
  expect(parseArguments(words.split(' '))).toEqual(expected);
});
