import { expect, it } from 'vitest';
import { assumeRolesPolicy } from './assume-roles-policy.ts';
import { customerTrustPolicy } from './customer-trust-policy.ts';
import { ecsTasksTrustPolicy } from './ecs-tasks-trust-policy.ts';
import { executionPolicy } from './execution-policy.ts';
import { tablePolicy } from './table-policy.ts';

// Golden documents: a permission that comes or goes must be seen in a review.

it('lets ECS tasks of our account and region take on the role, and nobody else [AWS-1]', () => {
  expect(ecsTasksTrustPolicy({ partition: 'aws', region: 'eu-west-1', account: '111122223333' })).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'EcsTasks',
        Effect: 'Allow',
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:eu-west-1:111122223333:*' },
        },
      },
    ],
  });
});

it('allows exactly the declared roles [AWS-1, CFG-7]', () => {
  const roles = ['arn:aws:iam::222233334444:role/b', 'arn:aws:iam::222233334444:role/a', 'arn:aws:iam::222233334444:role/b'];
  expect(assumeRolesPolicy(roles)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AssumeDeclaredRoles',
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: ['arn:aws:iam::222233334444:role/a', 'arn:aws:iam::222233334444:role/b'],
      },
    ],
  });
});

it('has no policy where no role is declared', () => {
  expect(assumeRolesPolicy([])).toBeUndefined();
});

it('allows item calls on the own table, and nothing that changes the table [AWS-1, CFG-6]', () => {
  expect(tablePolicy('arn:aws:dynamodb:eu-west-1:111122223333:table/t')).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OwnTable',
        Effect: 'Allow',
        Action: [
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
        ],
        Resource: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t',
      },
    ],
  });
});

it('lets ECS pull the image, read the own secrets and write the own log', () => {
  const needs = {
    repositoryArns: ['arn:aws:ecr:eu-west-1:111122223333:repository/r'],
    secretsArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:s/*',
    logGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/l',
  };
  expect(executionPolicy(needs)).toEqual({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'RegistryPassword', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      {
        Sid: 'PullImage',
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: ['arn:aws:ecr:eu-west-1:111122223333:repository/r'],
      },
      {
        Sid: 'OwnSecrets',
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:s/*',
      },
      {
        Sid: 'OwnLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'arn:aws:logs:eu-west-1:111122223333:log-group:/l:*',
      },
    ],
  });
  expect(executionPolicy({ ...needs, repositoryArns: [] }).Statement.map(({ Sid }) => Sid)).toEqual(['OwnSecrets', 'OwnLog']);
});

it('prints the trust policy to paste: the task role alone, with the deployment id as External ID [AWS-2]', () => {
  const taskRoleArn = 'arn:aws:iam::111122223333:role/runlayer/default/runlayer-task-1';
  expect(customerTrustPolicy({ taskRoleArn, deploymentId: '3c1a5ad8-0f4b-4a37-8a57-fb0a7b1f8d9e' })).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'RunlayerDeployment',
        Effect: 'Allow',
        Principal: { AWS: taskRoleArn },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': '3c1a5ad8-0f4b-4a37-8a57-fb0a7b1f8d9e' } },
      },
    ],
  });
});
