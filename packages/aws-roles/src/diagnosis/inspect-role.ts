// From the account of the role: reads it, and judges its real trust policy.
import { checkTrustPolicy } from '../check-trust-policy.ts';
import type { Finding } from '../finding.ts';
import type { RoleArn } from '../role-arn/role-arn.ts';
import { call, callFinding, type Calling } from './call.ts';
import { nearestNames } from './nearest-names.ts';
import type { IamCalls, RoleDescription } from './ports.ts';

/** What to look at, and for whom. */
export interface Inspection {
  readonly role: RoleArn;
  readonly taskRoleArn: string;
  readonly deploymentId: string;
}

/** One call; a few more to find names when there is no such role. */
export async function inspectRole(inspection: Inspection, iam: IamCalls, calling: Calling): Promise<Finding[]> {
  const { role } = inspection;
  const called = await call((options) => iam.getRole({ RoleName: role.name }, options), calling);
  if ('answer' in called) return judge(called.answer.Role ?? {}, inspection);
  if (called.failed.kind === 'no-such-role') return [await missingRole(role, iam, calling)];
  if (called.failed.kind === 'denied') return [unreadable(role, called.failed.said)];
  return [callFinding(called.failed, 'iam:GetRole')];
}

function judge({ Arn = '', AssumeRolePolicyDocument, MaxSessionDuration = 3600 }: RoleDescription, inspection: Inspection): Finding[] {
  const { findings } = checkTrustPolicy(AssumeRolePolicyDocument ?? '', inspection);
  const differs = Arn === '' || Arn === inspection.role.arn ? [] : [otherArn(Arn, inspection.role)];
  return [...differs, ...findings, ...(MaxSessionDuration > 3600 ? [shortSession(MaxSessionDuration)] : [])];
}

/** IAM finds a role by its name, without its path and whatever the case; STS wants all of the ARN. */
function otherArn(real: string, { arn }: RoleArn): Finding {
  return {
    code: 'role-arn-differs',
    severity: 'error',
    message: `The ARN of the role is ${real}, not ${arn}: the path and capital letters count.`,
    fix: `Set it to ${real} in runlayer.yaml, and deploy.`,
  };
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html "role chaining" */
function shortSession(seconds: number): Finding {
  return {
    code: 'session-limit',
    severity: 'note',
    message: `The role allows sessions of ${seconds / 3600} h, but one role that assumes another gets an hour at most: ask for 3600 s or less, and renew.`,
  };
}

async function missingRole(role: RoleArn, iam: IamCalls, calling: Calling): Promise<Finding> {
  const near = nearestNames(role.name, await roleNames(iam, calling));
  const arns = near.map((name) => `"${name}"`).join(' or ');
  return {
    code: 'role-missing',
    severity: 'error',
    message: `There is no role "${role.name}" in the account ${role.account}.${near.length === 0 ? '' : ` There is ${arns}.`}`,
    fix: 'Correct the ARN in runlayer.yaml and deploy, or make the role.',
  };
}

/** A thousand names at most; none when they may not be listed. */
async function roleNames(iam: IamCalls, calling: Calling): Promise<string[]> {
  const names: string[] = [];
  let marker: string | undefined;
  do {
    const from = marker === undefined ? {} : { Marker: marker };
    const called = await call((options) => iam.listRoles({ MaxItems: 200, ...from }, options), calling);
    if ('failed' in called) return names;
    names.push(...(called.answer.Roles ?? []).flatMap(({ RoleName }) => RoleName ?? []));
    marker = called.answer.IsTruncated === true ? called.answer.Marker : undefined;
  } while (marker !== undefined && names.length < 1000);
  return names;
}

function unreadable({ arn }: RoleArn, said: string): Finding {
  return {
    code: 'role-unreadable',
    severity: 'doubt',
    message: `The role cannot be read: ${said}`,
    fix: `Use credentials that may call iam:GetRole on ${arn}.`,
  };
}
