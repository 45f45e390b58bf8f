import { expect, it } from 'vitest';
import { nameFault } from './deployment-name.ts';

it.each(['notes', 'notes-mcp', 'a', '0', '_', 'x'.repeat(63)])('%s is a name [CLI-2]', (name) => {
  expect(nameFault(name)).toBeUndefined();
});

it.each(['', 'Notes', 'a b', ' a', 'ä', 'a/b', 'a.b', 'a\n', 'x'.repeat(64)])('%j is none [CLI-2]', (name) => {
  expect(nameFault(name)).toBeTypeOf('string');
});
