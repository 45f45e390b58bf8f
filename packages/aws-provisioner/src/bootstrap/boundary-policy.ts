// The most that a role of any deployment may do, whatever policies it has: the union of what the deployments' own policies give.
import { anyDeployment } from './any-deployment.ts';
import { namesOf } from '../names.ts';
import { executionPolicy } from '../policies/execution-policy.ts';
import type { PolicyDocument } from '../policies/policy-document.ts';
import { tablePolicy } from '../policies/table-policy.ts';
import { platformNamesOf } from '../platform-names.ts';

/** Tag by which a role of the platform's own account says that the deployments of an environment may take it on. */
export const assumableTag = 'runlayer:assumable-by';

/** Where the deployments are. */
export interface BoundaryPlace {
  readonly partition: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  readonly environment: string;
}

/**
 * Built from the very policies that roles of deployments get, with the names of one deployment replaced by those of all, so that it
 * cannot fall behind them. Only `sts:AssumeRole` is the boundary's own.
 *
 * Roles of other accounts may be assumed: it is their trust policy that decides, and it names one task role and asks for an External
 * ID. In the platform's own account many roles trust the account as a whole, and leave the decision to policies; what a deployment
 * declares would be such a policy, so whoever may deploy could become any of them, the push role included. So there a role has to carry
 * {@link assumableTag} with the name of the environment.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function boundaryPolicy({ partition, region, account, environment }: BoundaryPlace): PolicyDocument {
  const arn = (service: string, resource: string): string => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const names = namesOf(environment, anyDeployment);
  const execution = executionPolicy({
    repositoryArns: [arn('ecr', `repository/${platformNamesOf(environment).repository}`)],
    secretsArn: arn('secretsmanager', `secret:${names.secretPrefix}*`),
    logGroupArn: arn('logs', `log-group:${names.logGroup}`),
  });
  return {
    Version: '2012-10-17',
    Statement: [
      ...execution.Statement,
      ...tablePolicy(arn('dynamodb', `table/${names.table}`)).Statement,
      { Sid: 'AssumeRoles', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:${partition}:iam::*:role/*` },
      {
        Sid: 'OwnAccountByConsent',
        Effect: 'Deny',
        Action: 'sts:AssumeRole',
        Resource: `arn:${partition}:iam::${account}:role/*`,
        Condition: { StringNotEquals: { [`iam:ResourceTag/${assumableTag}`]: environment } },
      },
    ],
  };
}
