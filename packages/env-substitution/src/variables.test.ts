import { expect, it } from 'vitest';
import { variablesFrom } from './variables.ts';

it.each([
  ['the file wins over the environment [SUB-5]', { A: 'env' }, [['A', 'file']], 'file'],
  ['an empty value of the file wins too [SUB-5]', { A: 'env' }, [['A', '']], ''],
  ['a name without a value falls back to the environment [SUB-5]', { A: 'env' }, [['A', undefined]], 'env'],
  ['the environment alone is enough', { A: 'env' }, [], 'env'],
  ['what neither has is unset', { B: 'env' }, [], undefined],
] as const)('%s', (_name, environment, file, value) => {
  expect(variablesFrom(environment, new Map(file))('A')).toBe(value);
});

it('does not find the properties of every object', () => {
  expect(variablesFrom({})('constructor')).toBeUndefined();
  expect(variablesFrom(process.env)('toString')).toBeUndefined();
});
