// Whom a statement lets in instead of the task role, told as exactly as its principals allow.
import type { Finding } from '../finding.ts';
import type { RoleArn } from '../role-arn/role-arn.ts';
import { type PrincipalKind, principalKind } from './principal-match.ts';
import { nameOf, type TrustStatement } from './statement.ts';

/** The most telling of the principals, given that none of them is the task role. */
export function principalFinding(statement: TrustStatement, caller: RoleArn): Finding {
  const { aws, others } = statement.principals;
  const found = order
    .flatMap((kind) => aws.filter((principal) => principalKind(principal, caller) === kind).map((principal) => ({ kind, principal })))
    .at(0);
  const shared = { severity: 'error', statement: statement.position, fix: `Set Principal.AWS to "${caller.arn}".` } as const;
  if (found === undefined) {
    const whom = others.length === 0 ? 'nobody' : others.slice(0, 3).join(', ');
    return { ...shared, code: 'principal-service', message: `The principal of ${nameOf(statement)} is ${whom}, not a role.` };
  }
  const { code, text, fix } = telling[found.kind](found.principal, caller);
  return { ...shared, code, message: `The principal of ${nameOf(statement)} is ${text}.`, ...(fix === undefined ? {} : { fix }) };
}

const order = ['gone', 'session', 'wrong-path', 'pattern', 'other-role', 'other-account', 'other'] as const satisfies PrincipalKind[];

interface Telling {
  readonly code: Finding['code'];
  readonly text: string;
  readonly fix?: string;
}

const telling: Readonly<Record<(typeof order)[number], (principal: string, caller: RoleArn) => Telling>> = {
  gone: (principal, caller) => ({
    code: 'principal-gone',
    text: `"${principal}": the unique id of a role or user that was deleted. One made anew under the same name is not the same`,
    fix: `Set Principal.AWS to "${caller.arn}" again: IAM then stores the unique id of the role that exists now.`,
  }),
  session: (principal) => ({
    code: 'principal-session',
    text: `"${principal}": one session of the task role. Each task has a session of another name`,
  }),
  'wrong-path': (principal, caller) => ({
    code: 'principal-path',
    text: `"${principal}": the name is right, the path is not. The path of the task role is "${caller.path}"`,
  }),
  pattern: (principal) => ({
    code: 'principal-pattern',
    text: `"${principal}": IAM knows no patterns in principals but a bare "*"`,
  }),
  'other-role': (principal, caller) => ({
    code: 'principal-wrong',
    text: `the role "${principal}", not the task role${sameAccount(principal, caller) ? '' : ': even the account is another one'}`,
  }),
  'other-account': (principal, caller) => ({
    code: 'principal-account',
    text: `the account "${principal}"; the task role is in the account ${caller.account}`,
  }),
  other: (principal) => ({ code: 'principal-wrong', text: `"${principal}", which is not a role` }),
};

function sameAccount(principal: string, { account }: RoleArn): boolean {
  return principal.split(':')[4] === account;
}
