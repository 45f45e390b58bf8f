// As whom calls are made.
import type { Finding } from '../finding.ts';
import type { RoleArn } from '../role-arn/role-arn.ts';
import { call, callFinding, type Calling } from './call.ts';
import type { StsCalls } from './ports.ts';

/** Who calls, as `sts:GetCallerIdentity` says. */
export interface Caller {
  readonly arn: string;
  readonly account: string;
}

/** Asks STS. */
export async function findCaller(sts: StsCalls, calling: Calling): Promise<{ caller: Caller } | { finding: Finding }> {
  const called = await call((options) => sts.getCallerIdentity({}, options), calling);
  if ('failed' in called) return { finding: callFinding(called.failed, 'sts:GetCallerIdentity') };
  return { caller: { arn: called.answer.Arn ?? '', account: called.answer.Account ?? '' } };
}

/** Whether a caller is a session of a role. A session's ARN does not tell the path, and names are unique in an account. */
export function isSessionOf({ arn }: Caller, role: RoleArn): boolean {
  const [, account, name] = /^arn:[a-z-]+:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return account === role.account && name === role.name;
}
