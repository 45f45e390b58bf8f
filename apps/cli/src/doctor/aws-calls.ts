// The clients of AWS. Credentials come from where all AWS tools look for them: environment, profile, single sign-on, task role.
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import { type AwsCalls, parseRoleArn } from '@runlayer/aws-roles';

/** A region in each partition: roles belong to none, and the calls have to go somewhere. */
const regions: Readonly<Record<string, string>> = {
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1',
};

/** Makes them; calls nothing. The region is that of the environment, else one of the task role's partition. */
export function awsCalls(taskRoleArn: string, env: Readonly<Record<string, string | undefined>>): AwsCalls {
  const given = [env['AWS_REGION'], env['AWS_DEFAULT_REGION']].find((value) => value !== undefined && value !== '');
  const region = given ?? regions[parseRoleArn(taskRoleArn)?.partition ?? ''] ?? 'us-east-1';
  return { sts: new STS({ region }), iam: new IAM({ region }) };
}
