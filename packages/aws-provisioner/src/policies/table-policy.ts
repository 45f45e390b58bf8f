// What a deployment may do with its own table: use its items, never change the table itself.
import type { PolicyDocument } from './policy-document.ts';

/**
 * Item calls only. Transactions need no action of their own but `ConditionCheckItem`; PartiQL has one for each verb.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
const actions = [
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:DescribeTable',
  'dynamodb:DescribeTimeToLive',
  'dynamodb:GetItem',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLSelect',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'dynamodb:UpdateItem',
];

/** The inline policy `table` of the task role. */
export function tablePolicy(tableArn: string): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Sid: 'OwnTable', Effect: 'Allow', Action: actions, Resource: tableArn }] };
}
