// Which registered task definitions still count.
import { expect, it } from 'vitest';
import { labelsOf } from '../definition/spec-label.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { isDeregistered, isSame } from './definition.ts';

it.each([
  ['ACTIVE', true],
  ['INACTIVE', false],
  ['DELETE_IN_PROGRESS', false],
] as const)('takes a task definition that is %s for one that tasks can be started from: %s [AWS-4]', (status, isUsable) => {
  const containerDefinitions = [{ dockerLabels: labelsOf(testSpec('x')) }];
  expect(isDeregistered({ status })).toBe(!isUsable);
  expect(isSame({ status, containerDefinitions }, { family: 'x', containerDefinitions }, false)).toBe(isUsable);
});
