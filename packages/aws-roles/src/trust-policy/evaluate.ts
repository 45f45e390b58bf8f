// Whether a trust policy lets a call in: one statement has to allow it, and none may deny it.
import { conditionHolds, like } from './condition-holds.ts';
import { principalHolds } from './principal-match.ts';
import type { TrustStatement } from './statement.ts';
import type { TrustRequest } from './trust-request.ts';
import { allOf, anyOf, not, type Verdict, verdict } from './verdict.ts';

/**
 * Whether `sts:AssumeRole` is let in by the trust policy. The caller's own permissions are another matter.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function letsIn(statements: readonly TrustStatement[], request: TrustRequest): Verdict {
  const of = (effect: TrustStatement['effect']): Verdict =>
    anyOf(statements.filter((statement) => statement.effect === effect).map((statement) => applies(statement, request)));
  return allOf([of('Allow'), not(of('Deny'))]);
}

/** Whether a statement speaks of the call. */
export function applies(statement: TrustStatement, request: TrustRequest): Verdict {
  return allOf([
    principalHolds(statement, request.caller),
    actionHolds(statement),
    ...statement.conditions.map((condition) => conditionHolds(condition, request)),
  ]);
}

/** Whether a statement speaks of `sts:AssumeRole`. Actions are compared without regard to case. */
export function actionHolds({ actions, isNotAction }: TrustStatement): Verdict {
  return verdict(actions.some((action) => like('sts:assumerole', action.toLowerCase())) !== isNotAction);
}
