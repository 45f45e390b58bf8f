// Trust policies as people and tools might write them: right ones, wrong ones, near misses.
import { type Arbitrary, array, constantFrom, dictionary, oneof, record, subarray, tuple } from 'fast-check';
import type { PlainPolicy } from './plain-evaluator.ts';

/** The deployment of the tests. */
export const deploymentId = '3c1a5ad8-0f4b-4a37-8a57-fb0a7b1f8d9e';

/** The role of its tasks. */
export const taskRoleArn = 'arn:aws:iam::111122223333:role/runlayer/task-1';

/** Other roles, which the policies name too. */
export const otherRoles = ['arn:aws:iam::111122223333:role/runlayer/task-2', 'arn:aws:iam::222233334444:role/admin'] as const;

const principals = [
  taskRoleArn,
  ...otherRoles,
  '111122223333',
  'arn:aws:iam::111122223333:root',
  'arn:aws:iam::222233334444:root',
  'AROAIIAAAAAAAAAAAAAAA',
  '*',
];
const ids = [deploymentId, deploymentId.toUpperCase(), '3c1a*', '*', '?c1a5ad8-0f4b-4a37-8a57-fb0a7b1f8d9e', 'other', `${deploymentId} `];
const textOperators = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
];
const idOperators = textOperators.flatMap((name) => [name, `${name}IfExists`, `ForAnyValue:${name}`, `ForAllValues:${name}`]);

const some = (values: readonly string[]): Arbitrary<string[]> =>
  subarray([...values], { minLength: 1, maxLength: Math.min(2, values.length) });

const condition = oneof(
  { weight: 4, arbitrary: record({ operator: constantFrom(...idOperators), key: constantFrom('sts:ExternalId'), values: some(ids) }) },
  {
    weight: 1,
    arbitrary: record({ operator: constantFrom('Null'), key: constantFrom('sts:ExternalId'), values: some(['true', 'false']) }),
  },
  {
    weight: 1,
    arbitrary: record({
      operator: constantFrom('ArnLike', 'ArnEquals', 'ArnNotLike', 'StringLike', 'StringEquals'),
      key: constantFrom('aws:PrincipalArn'),
      values: some([taskRoleArn, 'arn:aws:iam::111122223333:role/runlayer/*', 'arn:aws:iam::*:role/x']),
    }),
  },
  {
    weight: 1,
    arbitrary: record({
      operator: constantFrom('StringEquals', 'StringNotEquals'),
      key: constantFrom('aws:PrincipalAccount'),
      values: some(['111122223333', '222233334444']),
    }),
  },
);

const statement = record({
  Effect: constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
  Principal: oneof(
    { weight: 6, arbitrary: record({ AWS: some(principals) }) },
    { weight: 1, arbitrary: record({ Service: some(['ecs-tasks.amazonaws.com']) }) },
  ),
  Action: some(['sts:AssumeRole', 'sts:AssumeRole', 'STS:*', 'sts:assume*', '*', 'sts:TagSession', 'sts:AssumeRoleWithWebIdentity']),
  Condition: array(condition, { maxLength: 2 }).map((conditions) => {
    const byOperator: Record<string, Record<string, readonly string[]>> = {};
    for (const { operator, key, values } of conditions) byOperator[operator] = { ...byOperator[operator], [key]: values };
    return byOperator;
  }),
});

/** The right statement with at most one of its parts made up. */
const nearlyRight = tuple(statement, constantFrom('Principal', 'Action', 'Condition', 'Sid', 'Sid')).map(([made, part]) => ({
  Effect: 'Allow',
  Principal: { AWS: [taskRoleArn] },
  Action: ['sts:AssumeRole'],
  Condition: { StringEquals: { 'sts:ExternalId': [deploymentId] } },
  ...(part === 'Sid' ? {} : { [part]: made[part] }),
}));

/** Policies that can be judged from their text alone. */
export const anyPolicy: Arbitrary<PlainPolicy> = record({
  Statement: oneof(
    array(statement, { minLength: 1, maxLength: 3 }),
    tuple(nearlyRight, array(statement, { maxLength: 1 })).map(([first, more]) => [first, ...more]),
  ),
});

/** JSON that looks like a policy here and there. */
export const anyJson: Arbitrary<unknown> = oneof(
  dictionary(
    constantFrom('Statement', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Condition', 'AWS', 'Sid', 'Role', '__proto__'),
    oneof(constantFrom<unknown>('Allow', 'Deny', '*', [], {}, null, 0, true, '${x}', [[]]), anyPolicy),
  ),
  array(anyPolicy),
);
