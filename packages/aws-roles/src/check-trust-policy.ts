// What a trust policy does for one deployment: whether it is let in, why not, and who else is.
import type { CustomerTrust } from './customer-trust-policy.ts';
import { type Finding, type Status, statusOf } from './finding.ts';
import { checkRoleArn } from './role-arn/check-role-arn.ts';
import { letsIn } from './trust-policy/evaluate.ts';
import { readTrustPolicy } from './trust-policy/read-trust-policy.ts';
import type { TrustStatement } from './trust-policy/statement.ts';
import type { TrustRequest } from './trust-policy/trust-request.ts';
import { whoElse } from './trust-policy/who-else.ts';
import { whyRefused } from './trust-policy/why-refused.ts';
import { whyUnknown } from './trust-policy/why-unknown.ts';

/** What {@link checkTrustPolicy} says of a policy. */
export interface CheckedTrust {
  readonly status: Status;
  /** The gravest first. Empty where the policy lets in the deployment and nobody else. */
  readonly findings: readonly Finding[];
}

/**
 * Judges a trust policy without calling anything: would `sts:AssumeRole` be let in for a session of the task role with the deployment id
 * as External ID, without it, with others, and for other roles? Says so where a condition cannot be judged. Never throws.
 *
 * @param document The policy as text, percent-encoded as `iam:GetRole` gives it or plain, or as parsed JSON.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function checkTrustPolicy(document: unknown, { taskRoleArn, deploymentId }: CustomerTrust): CheckedTrust {
  const { role: caller } = checkRoleArn(taskRoleArn);
  if (caller === undefined) return checked([wrongTaskRole(taskRoleArn)]);
  const policy = readTrustPolicy(document);
  if ('fault' in policy) return checked([unreadable(policy.fault)]);
  return checked(judge(policy.statements, { caller, externalId: deploymentId }));
}

function judge(statements: readonly TrustStatement[], request: TrustRequest): Finding[] {
  const verdict = letsIn(statements, request);
  if (verdict === 'no') return whyRefused(statements, request);
  const doubts = verdict === 'unknown' ? whyUnknown(statements, request) : [];
  return [...doubts, ...whoElse(statements, request)];
}

const order = ['error', 'doubt', 'warning', 'note'] as const;

function checked(findings: readonly Finding[]): CheckedTrust {
  const sorted = findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return { status: statusOf(findings), findings: sorted };
}

function unreadable(fault: string): Finding {
  const fix = 'Paste the trust policy that is filled in for the deployment.';
  return { code: 'policy-unreadable', severity: 'error', message: fault, fix };
}

function wrongTaskRole(arn: string): Finding {
  return {
    code: 'task-role-arn',
    severity: 'doubt',
    message: `"${arn.slice(0, 200)}" is not the ARN of a task role.`,
    fix: 'Take task_role_arn as `runlayer deploy` prints it.',
  };
}
