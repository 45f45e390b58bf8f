import { expect, it } from 'vitest';
import { nearestNames } from './nearest-names.ts';

it.each([
  [
    'reports-reader',
    ['report-reader', 'reports-reader-2', 'admin', 'reports-writer'],
    ['report-reader', 'reports-reader-2', 'reports-writer'],
  ],
  ['Reader', ['reader'], ['reader']],
  ['ab', ['abcde', 'xy', 'abc'], ['abc']],
  ['role1', ['role4', 'role3', 'role2', 'role5'], ['role2', 'role3', 'role4']],
  ['reader', [], []],
])('for %s of %j it suggests %j', (wanted, names, suggested) => {
  expect(nearestNames(wanted, names)).toEqual(suggested);
});
