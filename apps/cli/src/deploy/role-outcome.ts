// What a deploy says of the AWS roles that it declares: the task role, and the trust policy that lets it in.
import type { Schemas } from '@runlayer/api/client';
import type { Config } from '@runlayer/config-schema';
import type { CustomerTrustPolicy } from '@runlayer/aws-roles';
import { declaredRoles, type NamedRole } from '../doctor/declared-roles.ts';

/** Whether a deploy declares roles that no release that served declared before it. */
export function bringsRoles({ infrastructure }: Pick<Config, 'infrastructure'>, before: Schemas['Deployment'] | undefined): boolean {
  const known = typeof before?.serving_history_id === 'string' ? declaredRoles(before).map(({ arn }) => arn) : [];
  return Object.values(infrastructure.assumeRoles).some((arn) => !known.includes(arn));
}

/** Lines for people, and the policy for programs. Nothing where the deployment has no task role. */
export async function roleOutcome(
  record: Schemas['Deployment'],
  isNews: boolean,
): Promise<{ readonly lines: readonly string[]; readonly policy?: CustomerTrustPolicy }> {
  const taskRoleArn = record.task_role_arn ?? undefined;
  if (taskRoleArn === undefined) return { lines: [] };
  const lines = [`  Task role:  ${taskRoleArn}`];
  const roles = declaredRoles(record);
  if (roles.length === 0) return { lines };
  const { customerTrustPolicy } = await import('@runlayer/aws-roles');
  const policy = customerTrustPolicy({ taskRoleArn, deploymentId: record.id });
  return { lines: [...lines, ...(isNews ? pasteLines(policy, roles) : later)], policy };
}

const later = ['  Trust policy, to paste into the declared roles: runlayer doctor aws --trust-policy'];

function pasteLines(policy: CustomerTrustPolicy, roles: readonly NamedRole[]): string[] {
  const text = JSON.stringify(policy, undefined, 2);
  return [`\nTrust policy to paste into ${listed(roles.map(({ arn }) => arn))}:\n`, text, '\nThen check it with `runlayer doctor aws`.'];
}

function listed(arns: readonly string[]): string {
  return arns.length <= 2 ? arns.join(' and ') : `${arns.slice(0, 2).join(', ')} and ${arns.length - 2} more`;
}
