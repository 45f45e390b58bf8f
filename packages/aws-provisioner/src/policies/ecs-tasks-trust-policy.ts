// Who may take on the roles of a deployment: ECS tasks of our own account and region, and nobody else.
import type { PolicyDocument } from './policy-document.ts';

/** Where the tasks run. */
export interface TasksPlace {
  /** ARN partition: `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  /** 12 digits. */
  readonly account: string;
}

/**
 * The trust policy of a deployment's task role and execution role. The conditions keep ECS from being talked into using the role
 * for another account ("confused deputy"); a single cluster cannot be named there.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export function ecsTasksTrustPolicy({ partition, region, account }: TasksPlace): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'EcsTasks',
        Effect: 'Allow',
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:ecs:${region}:${account}:*` },
        },
      },
    ],
  };
}
