// The story of a diagnosis: each role is looked at, told of, and the worst of them decides.
import { customerTrustPolicy, diagnoseRole, type RoleDiagnosis, type Status } from '@runlayer/aws-roles';
import type { Ended } from '../deploy/world.ts';
import { cliError } from '../error-codes.ts';
import type { Report } from '../output/report.ts';
import { awsCalls } from './aws-calls.ts';
import type { NamedRole } from './declared-roles.ts';
import { diagnosisText } from './diagnosis-text.ts';
import type { Subject } from './find-subject.ts';

/** What a diagnosis works with. */
export interface DoctorWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly report: Report;
  /** Whether warnings count as failures. */
  readonly isStrict: boolean;
}

/** Looks at every role. @throws ERR_CLI_ROLE_REFUSED, ERR_CLI_ROLE_UNKNOWN, and when strict ERR_CLI_ROLE_UNSAFE */
export async function diagnoseRoles(subject: Subject, { env, report, isStrict }: DoctorWorld): Promise<Ended> {
  const { deploymentId, taskRoleArn, roles } = subject;
  report.event({ type: 'subject' }, `Deployment  ${deploymentId}\nTask role   ${taskRoleArn}`);
  if (roles.length === 0) return { value: valueOf(subject, []), text: 'The deployment declares no roles.' };
  const calls = awsCalls(taskRoleArn, env);
  const questions = roles.map(async (role) => ({ role, found: await diagnoseRole({ ...subject, roleArn: role.arn }, calls) }));
  const diagnoses = await report.working('Asking AWS', () => Promise.all(questions));
  for (const { role, found } of diagnoses) report.event({ type: 'role' }, `\n${diagnosisText(role.name, found)}`);
  if (diagnoses.some(({ found }) => found.status !== 'ok')) {
    report.event(
      { type: 'policy' },
      `\nThis trust policy lets in the deployment and nobody else:\n\n${JSON.stringify(customerTrustPolicy(subject), undefined, 2)}\n`,
    );
  }
  const value = valueOf(subject, diagnoses);
  const statuses = diagnoses.map(({ found }) => found.status);
  refuse(statuses, value, isStrict);
  return { value, text: summary(statuses) };
}

const codes = [
  ['refused', 'ERR_CLI_ROLE_REFUSED', 'cannot be assumed'],
  ['unknown', 'ERR_CLI_ROLE_UNKNOWN', 'cannot be judged from here'],
  ['unsafe', 'ERR_CLI_ROLE_UNSAFE', 'can be assumed by others too'],
] as const;

function refuse(statuses: readonly Status[], value: Readonly<Record<string, unknown>>, isStrict: boolean): void {
  for (const [status, code, text] of codes) {
    const count = statuses.filter((given) => given === status).length;
    if (count === 0 || (status === 'unsafe' && !isStrict)) continue;
    throw cliError(code, `${count} of ${statuses.length} ${statuses.length === 1 ? 'role' : 'roles'} ${text}.`, { data: value });
  }
}

function summary(statuses: readonly Status[]): string {
  const warned = statuses.includes('unsafe') ? ', not without warnings' : '';
  return statuses.length === 1 ? `\nThe role can be assumed${warned}.` : `\nAll ${statuses.length} roles can be assumed${warned}.`;
}

interface Diagnosed {
  readonly role: NamedRole;
  readonly found: RoleDiagnosis;
}

/** What programs are told. */
function valueOf(subject: Subject, diagnoses: readonly Diagnosed[]): Readonly<Record<string, unknown>> {
  const roles = diagnoses.map(({ role, found: { status, from, caller = null, findings } }) => ({
    name: role.name,
    role_arn: role.arn,
    status,
    from,
    caller,
    findings,
  }));
  return { deployment_id: subject.deploymentId, task_role_arn: subject.taskRoleArn, trust_policy: customerTrustPolicy(subject), roles };
}
