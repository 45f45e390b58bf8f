// Why a deployment can or cannot assume a role: asks AWS what can be asked from where we stand.
import { customerTrustPolicy, type CustomerTrustPolicy } from '../customer-trust-policy.ts';
import { type Finding, type Status, statusOf } from '../finding.ts';
import { checkRoleArn } from '../role-arn/check-role-arn.ts';
import { parseRoleArn, type RoleArn } from '../role-arn/role-arn.ts';
import type { Calling } from './call.ts';
import { type Caller, findCaller, isSessionOf } from './caller.ts';
import { inspectRole } from './inspect-role.ts';
import type { AwsCalls } from './ports.ts';
import { probeRole } from './probe-role.ts';

/** What to find out. */
export interface RoleQuestion {
  /** The role to be assumed, as declared. */
  readonly roleArn: string;
  /** The role of the deployment's tasks. */
  readonly taskRoleArn: string;
  /** Sent as External ID. */
  readonly deploymentId: string;
  /**
   * Where we stand: `deployment` inside its container, with the credentials of its task role; `account` in the account of the role.
   * Default: whatever the credentials are of.
   */
  readonly from?: 'deployment' | 'account' | undefined;
  /** Milliseconds for one call to AWS. Default 15 000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was found out. */
export interface RoleDiagnosis {
  readonly roleArn: string;
  readonly status: Status;
  /** Where it was found out: `nowhere` without credentials that can tell. */
  readonly from: 'deployment' | 'account' | 'nowhere';
  /** ARN as which the calls were made, if any was. */
  readonly caller?: string | undefined;
  readonly findings: readonly Finding[];
  /** The policy that lets in the deployment and nobody else. */
  readonly trustPolicy: CustomerTrustPolicy;
}

/**
 * Diagnoses one role. Inside the deployment it calls `sts:AssumeRole` up to three times (with the deployment id as External ID, without one,
 * with a random one; the last two leave a denial in the other account's CloudTrail where all is well). In the account of the role it calls
 * `iam:GetRole`, and `iam:ListRoles` where there is no such role. Never throws, changes nothing, keeps no credentials.
 *
 * @example
 * await diagnoseRole({ roleArn, taskRoleArn, deploymentId }, { sts: new STS({}), iam: new IAM({}) });
 */
export async function diagnoseRole(question: RoleQuestion, calls: AwsCalls): Promise<RoleDiagnosis> {
  const found = await find(question, calls);
  return { roleArn: question.roleArn, status: statusOf(found.findings), trustPolicy: customerTrustPolicy(question), ...found };
}

type Found = Pick<RoleDiagnosis, 'from' | 'caller' | 'findings'>;

async function find(question: RoleQuestion, { sts, iam }: AwsCalls): Promise<Found> {
  const { taskRoleArn, deploymentId } = question;
  const checked = checkArns(question);
  if ('findings' in checked) return { from: 'nowhere', findings: checked.findings };
  const { role, taskRole } = checked;
  const calling: Calling = { timeoutMs: question.timeoutMs ?? 15_000, signal: question.signal };
  const asked = await findCaller(sts, calling);
  if ('finding' in asked) return { from: 'nowhere', findings: [question.from === 'deployment' ? ofTask(asked.finding) : asked.finding] };
  const place = placeOf(asked.caller, { role, taskRole, from: question.from });
  if ('finding' in place) return { from: 'nowhere', caller: asked.caller.arn, findings: [place.finding] };
  const findings =
    place.from === 'deployment'
      ? await probeRole({ role, deploymentId }, sts, calling)
      : await inspectRole({ role, taskRoleArn, deploymentId }, iam, calling);
  return { from: place.from, caller: asked.caller.arn, findings };
}

function checkArns({ roleArn, taskRoleArn }: RoleQuestion): { role: RoleArn; taskRole: RoleArn } | { findings: readonly Finding[] } {
  const { role, findings, suggestion } = checkRoleArn(roleArn);
  if (role === undefined) return { findings: suggestion === undefined ? findings : withSuggestion(findings, suggestion) };
  const taskRole = parseRoleArn(taskRoleArn);
  if (taskRole === undefined) return { findings: [wrongTaskRole(taskRoleArn)] };
  return taskRole.partition === role.partition ? { role, taskRole } : { findings: [elsewhere(role, taskRole)] };
}

function withSuggestion(findings: readonly Finding[], suggestion: string): Finding[] {
  return findings.map((finding, index) =>
    index === findings.length - 1 ? { ...finding, fix: `${finding.fix} Probably: ${suggestion}` } : finding,
  );
}

interface Stand {
  readonly role: RoleArn;
  readonly taskRole: RoleArn;
  readonly from: RoleQuestion['from'];
}

function placeOf(caller: Caller, { role, taskRole, from }: Stand): { from: 'deployment' | 'account' } | { finding: Finding } {
  if (from !== 'account' && isSessionOf(caller, taskRole)) return { from: 'deployment' };
  if (from === 'deployment') return { finding: otherCaller(caller, taskRole) };
  return caller.account === role.account ? { from: 'account' } : { finding: otherAccount(caller, role) };
}

function otherCaller({ arn }: Caller, taskRole: RoleArn): Finding {
  return {
    code: 'caller-other',
    severity: 'error',
    message: `Calls are made as ${arn}, not as the task role ${taskRole.arn}, which alone is let in.`,
    fix: 'Remove AWS_ACCESS_KEY_ID, AWS_PROFILE and other AWS credentials from `env` and the image: they come before those of the task role.',
  };
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
function ofTask(finding: Finding): Finding {
  if (finding.code !== 'credentials-missing') return finding;
  const fix =
    'ECS names the credentials of the task role in AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: let this process have the variable, and reach 169.254.170.2.';
  return { ...finding, fix };
}

function otherAccount({ arn, account }: Caller, role: RoleArn): Finding {
  return {
    code: 'credentials-elsewhere',
    severity: 'doubt',
    message: `The credentials are of the account ${account} (${arn}); the role is in the account ${role.account}.`,
    fix: `Use credentials of the account ${role.account} that may call iam:GetRole, such as AWS_PROFILE, or run this inside the deployment.`,
  };
}

function elsewhere(role: RoleArn, taskRole: RoleArn): Finding {
  return {
    code: 'role-elsewhere',
    severity: 'error',
    message: `The role is in the partition ${role.partition}, the deployment in ${taskRole.partition}: roles are not assumed across partitions.`,
    fix: `Use a role of an account in the partition ${taskRole.partition}.`,
  };
}

function wrongTaskRole(arn: string): Finding {
  const fix = 'Take task_role_arn as `runlayer deploy` prints it.';
  return { code: 'task-role-arn', severity: 'doubt', message: `"${arn.slice(0, 200)}" is not the ARN of a task role.`, fix };
}
