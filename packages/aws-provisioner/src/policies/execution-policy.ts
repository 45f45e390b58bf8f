// What ECS itself may do to start a deployment's tasks: pull the image, read the deployment's secrets, write its log.
import type { PolicyDocument, PolicyStatement } from './policy-document.ts';

/** What the tasks of one deployment need before their own code runs. */
export interface ExecutionNeeds {
  /** ECR repositories that images are pulled from; empty for images of a public registry. */
  readonly repositoryArns: readonly string[];
  /** ARN that matches the secret of every revision of the deployment's variables, ending in `*`. */
  readonly secretsArn: string;
  /** ARN of the deployment's log group, without `:*`. */
  readonly logGroupArn: string;
}

/**
 * The inline policy of the execution role.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export function executionPolicy({ repositoryArns, secretsArn, logGroupArn }: ExecutionNeeds): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      ...pullStatements([...new Set(repositoryArns)].sort()),
      { Sid: 'OwnSecrets', Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secretsArn },
      { Sid: 'OwnLog', Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: `${logGroupArn}:*` },
    ],
  };
}

function pullStatements(repositoryArns: readonly string[]): PolicyStatement[] {
  if (repositoryArns.length === 0) return [];
  return [
    // This one call knows no resources: it gives a password for what the other statements allow.
    { Sid: 'RegistryPassword', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    {
      Sid: 'PullImage',
      Effect: 'Allow',
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      Resource: repositoryArns,
    },
  ];
}
