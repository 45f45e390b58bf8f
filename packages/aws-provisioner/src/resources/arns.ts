// ARNs of what has a name derived from a deployment's id, so that a policy can name it before it exists.
import type { AwsContext } from '../calls/context.ts';

/** Partition of a region: `aws`, `aws-cn` or `aws-us-gov`. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** `arn:<partition>:<service>:<region>:<account>:<resource>` in the region and account of the platform. */
export async function arnOf(ctx: Pick<AwsContext, 'region' | 'account'>, service: string, resource: string): Promise<string> {
  return `arn:${partitionOf(ctx.region)}:${service}:${ctx.region}:${await ctx.account()}:${resource}`;
}
