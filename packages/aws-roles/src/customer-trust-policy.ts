// The trust policy that a customer pastes into their own role, filled in for one deployment.

/** The two facts that bind a customer's role to one deployment. */
export interface CustomerTrust {
  /** ARN of the deployment's task role: the sole principal. */
  readonly taskRoleArn: string;
  /** UUID of the deployment: the External ID it sends. */
  readonly deploymentId: string;
}

/** The document that {@link customerTrustPolicy} gives. */
export interface CustomerTrustPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly [
    {
      readonly Sid: string;
      readonly Effect: 'Allow';
      readonly Principal: { readonly AWS: string };
      readonly Action: 'sts:AssumeRole';
      readonly Condition: { readonly StringEquals: { readonly 'sts:ExternalId': string } };
    },
  ];
}

/**
 * Lets exactly one deployment in: its task role, with its id as External ID. Print it with two blanks of indentation and paste it as it is.
 * IAM takes it only once the task role exists, so deploy first.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html
 */
export function customerTrustPolicy({ taskRoleArn, deploymentId }: CustomerTrust): CustomerTrustPolicy {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'RunlayerDeployment',
        Effect: 'Allow',
        Principal: { AWS: taskRoleArn },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': deploymentId } },
      },
    ],
  };
}
