import { expect, it } from 'vitest';
import { formatIssue } from './issue.ts';

it.each([
  [{ path: 'a', message: 'm' }, undefined, 'a: m'],
  [{ path: 'a', message: 'm', line: 2, column: 7 }, 'f.yaml', 'f.yaml:2:7: a: m'],
  [{ path: '', message: 'm', line: 2, column: 7, hint: 'h' }, undefined, '2:7: m (h)'],
  [{ path: '', message: 'm' }, undefined, 'm'],
  [{ path: 'a', message: 'm' }, 'f.yaml', 'f.yaml: a: m'],
])('writes %j of %s as %s', (issue, file, text) => {
  expect(formatIssue(issue, file)).toBe(text);
});
