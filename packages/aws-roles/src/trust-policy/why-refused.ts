// Why a trust policy does not let a call in: what denies it, or what the statements that come nearest to allowing it lack.
import type { Finding } from '../finding.ts';
import { conditionHolds } from './condition-holds.ts';
import { externalIdFinding, missingExternalId } from './external-id.ts';
import { actionHolds, applies } from './evaluate.ts';
import { principalFinding } from './principal-finding.ts';
import { principalHolds } from './principal-match.ts';
import { isOnExternalId, nameOf, type Condition, type TrustStatement } from './statement.ts';
import type { TrustRequest } from './trust-request.ts';

/** At least one finding of severity `error`, given that the policy does not let the request in. */
export function whyRefused(statements: readonly TrustStatement[], request: TrustRequest): Finding[] {
  const denying = statements.filter((statement) => statement.effect === 'Deny' && applies(statement, request) === 'yes');
  const allowing = statements.filter(({ effect }) => effect === 'Allow');
  const isAllowed = allowing.some((statement) => applies(statement, request) !== 'no');
  const lacks = isAllowed ? [] : nearest(allowing, request).flatMap((statement) => whatLacks(statement, request));
  if (allowing.length === 0) lacks.push(nobody);
  return [...denying.map((statement) => denial(statement, request)), ...lacks];
}

const nobody: Finding = {
  code: 'nobody-let-in',
  severity: 'error',
  message: 'The trust policy has no statement that allows anything.',
  fix: 'Paste the trust policy that is filled in for the deployment.',
};

/** Three at most: the policy of a role that many use says little about this one. */
function nearest(allowing: readonly TrustStatement[], request: TrustRequest): TrustStatement[] {
  const distances = allowing.map((statement) => ({ statement, distance: distanceOf(statement, request) }));
  const least = Math.min(...distances.map(({ distance }) => distance));
  return distances.flatMap(({ statement, distance }) => (distance === least ? [statement] : [])).slice(0, 3);
}

function distanceOf(statement: TrustStatement, request: TrustRequest): number {
  const failing = failingConditions(statement, request).length;
  const isForServices = statement.principals.aws.length === 0 && !statement.isNotPrincipal;
  return (
    failing + Number(actionHolds(statement) === 'no') + Number(principalHolds(statement, request.caller) === 'no') + Number(isForServices)
  );
}

function failingConditions({ conditions }: TrustStatement, request: TrustRequest): Condition[] {
  return conditions.filter((condition) => conditionHolds(condition, request) === 'no');
}

function whatLacks(statement: TrustStatement, request: TrustRequest): Finding[] {
  const findings: Finding[] = [];
  if (principalHolds(statement, request.caller) === 'no') findings.push(principalFinding(statement, request.caller));
  if (actionHolds(statement) === 'no') findings.push(wrongAction(statement));
  for (const condition of failingConditions(statement, request)) {
    findings.push(isOnExternalId(condition) ? externalIdFinding(condition, statement, request) : failingCondition(condition, statement));
  }
  if (!statement.conditions.some(isOnExternalId)) findings.push(missingExternalId(request, statement));
  return findings;
}

function wrongAction(statement: TrustStatement): Finding {
  const listed = statement.actions.slice(0, 3).join(', ');
  return {
    code: 'action-wrong',
    severity: 'error',
    message: `${capital(nameOf(statement))} is about ${statement.isNotAction ? 'everything but ' : ''}${listed}; the deployment calls sts:AssumeRole.`,
    fix: 'Set Action to "sts:AssumeRole".',
    statement: statement.position,
  };
}

function failingCondition({ operator, key, values }: Condition, statement: TrustStatement): Finding {
  return {
    code: 'condition-fails',
    severity: 'error',
    message: `${capital(nameOf(statement))} asks for ${operator} ${key} ${values.slice(0, 3).join(', ')}, which a deployment does not meet.`,
    fix: `Remove the condition on ${key}.`,
    statement: statement.position,
  };
}

/** A denial that another External ID would escape is about the External ID. */
function denial(statement: TrustStatement, request: TrustRequest): Finding {
  const condition = statement.conditions.find(isOnExternalId);
  if (condition !== undefined) return externalIdFinding(condition, statement, request);
  return {
    code: 'denied',
    severity: 'error',
    message: `${capital(nameOf(statement))} denies the call, and a denial outweighs every permission.`,
    fix: 'Remove the statement, or except the task role from it by a condition on aws:PrincipalArn.',
    statement: statement.position,
  };
}

/** The text with a capital letter. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
