// What keeps a trust policy from being judged: conditions on things that only AWS sees, and NotPrincipal.
import type { Finding } from '../finding.ts';
import { conditionHolds } from './condition-holds.ts';
import { applies } from './evaluate.ts';
import { principalHolds } from './principal-match.ts';
import { nameOf, type TrustStatement } from './statement.ts';
import type { TrustRequest } from './trust-request.ts';

/** At least one finding of severity `doubt`, given that the policy may or may not let the request in. */
export function whyUnknown(statements: readonly TrustStatement[], request: TrustRequest): Finding[] {
  return statements.filter((statement) => applies(statement, request) === 'unknown').flatMap((statement) => doubts(statement, request));
}

function doubts(statement: TrustStatement, request: TrustRequest): Finding[] {
  const where = `of ${nameOf(statement)} (${statement.effect})`;
  const shared = { severity: 'doubt', statement: statement.position } as const;
  const findings: Finding[] = statement.conditions
    .filter((condition) => conditionHolds(condition, request) === 'unknown')
    .map(({ operator, key, values }) => ({
      ...shared,
      code: 'condition-unknown',
      message: `The condition ${where} on ${key} (${operator} ${values.slice(0, 3).join(', ')}) cannot be judged from here.`,
      fix: 'Run `runlayer doctor aws` inside the deployment to see whether it is met, or remove the condition.',
    }));
  if (principalHolds(statement, request.caller) === 'unknown') findings.push({ ...shared, ...unclearPrincipal(statement, where) });
  return findings;
}

function unclearPrincipal({ isNotPrincipal }: TrustStatement, where: string): Pick<Finding, 'code' | 'message' | 'fix'> {
  if (isNotPrincipal) {
    return {
      code: 'principal-inverted',
      message: `NotPrincipal ${where} cannot be judged; IAM refuses it in trust policies by now.`,
      fix: 'Name whom to let in by Principal.',
    };
  }
  return {
    code: 'principal-session',
    message: `The principal ${where} is one session of the task role; which session calls cannot be known.`,
    fix: 'Name the role instead of a session.',
  };
}
