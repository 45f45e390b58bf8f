// How a principal of a trust policy stands to the role that calls.
import type { RoleArn } from '../role-arn/role-arn.ts';
import type { TrustStatement } from './statement.ts';
import { anyOf, type Verdict } from './verdict.ts';

/** What a value of `Principal.AWS` is, seen from the role that calls. Only the first three let it in. */
export type PrincipalKind =
  | 'role'
  | 'account'
  | 'anyone'
  | 'other-account'
  | 'session'
  | 'gone'
  | 'wrong-path'
  | 'other-role'
  | 'pattern'
  | 'other';

/**
 * Tells the kinds apart. A role that was deleted shows as its unique id: its ARN, made anew, is somebody else.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalKind(principal: string, caller: RoleArn): PrincipalKind {
  if (principal === '*') return 'anyone';
  if (principal === caller.arn) return 'role';
  if (/^A(?:RO|ID)A[A-Z0-9]{12,}$/.test(principal)) return 'gone';
  const account = /^(\d{12})$|^arn:[a-z-]+:iam::(\d{12}):root$/.exec(principal)?.slice(1).find(Boolean);
  if (account !== undefined) return account === caller.account ? 'account' : 'other-account';
  if (/[*?]/.test(principal)) return 'pattern';
  const session = /^arn:[a-z-]+:sts::(\d{12}):assumed-role\/([^/]+)/.exec(principal);
  if (session?.[1] === caller.account && session[2] === caller.name) return 'session';
  const [, of, name] = /^arn:[a-z-]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal) ?? [];
  if (name === undefined) return 'other';
  return of === caller.account && name === caller.name ? 'wrong-path' : 'other-role';
}

/** Whether a statement speaks of the role that calls. */
export function principalHolds({ principals, isNotPrincipal, effect }: TrustStatement, caller: RoleArn): Verdict {
  if (isNotPrincipal) return 'unknown';
  return anyOf(
    principals.aws.map((principal): Verdict => {
      const kind = principalKind(principal, caller);
      if (kind === 'role' || kind === 'account' || kind === 'anyone') return 'yes';
      // Each task has a session of another name, so allowing one of them allows none; denying one may deny this one.
      return kind === 'session' && effect === 'Deny' ? 'unknown' : 'no';
    }),
  );
}
