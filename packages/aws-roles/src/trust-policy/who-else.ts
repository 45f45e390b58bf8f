// Who is let in beside the deployment, and with which External IDs: a policy may work and still be open to others.
import type { Finding } from '../finding.ts';
import { parseRoleArn, type RoleArn } from '../role-arn/role-arn.ts';
import { missingExternalId } from './external-id.ts';
import { actionHolds, letsIn } from './evaluate.ts';
import { principalKind } from './principal-match.ts';
import { isOnExternalId, type TrustStatement } from './statement.ts';
import type { TrustRequest } from './trust-request.ts';

/** Findings of severity `warning` and `note`, given that the policy may let the request in. */
export function whoElse(statements: readonly TrustStatement[], request: TrustRequest): Finding[] {
  const wide = wideAccount(statements, request);
  const byConditions = wide.length === 0 ? namedByConditions(statements, request) : [];
  return [...looseExternalId(statements, request), ...wide, ...namedOthers(statements, request.caller, byConditions)];
}

function looseExternalId(statements: readonly TrustStatement[], request: TrustRequest): Finding[] {
  const isTaken = (externalId: string | undefined): boolean => letsIn(statements, { ...request, externalId }) !== 'no';
  if (isTaken(undefined)) return [missingExternalId(request)];
  const taken = otherIds(statements, request).find(isTaken);
  if (taken === undefined) return [];
  return [
    {
      code: 'external-id-loose',
      severity: 'warning',
      message: `The trust policy takes other External IDs too, such as "${taken}".`,
      fix: `Ask for one only: StringEquals, sts:ExternalId, "${request.externalId}".`,
    },
  ];
}

/** One that nobody would think of, and what the policy itself names; patterns filled in. */
function otherIds(statements: readonly TrustStatement[], { externalId = '' }: TrustRequest): string[] {
  const named = statements
    .flatMap(({ conditions }) => conditions.filter(isOnExternalId).flatMap(({ values }) => values))
    .flatMap((value) => [value, value.replaceAll(/[*?]/g, 'x'), value.toUpperCase()]);
  return [...new Set(['of-another-deployment', externalId.toUpperCase(), ...named])].filter((id) => id !== externalId).slice(0, 100);
}

function wideAccount(statements: readonly TrustStatement[], request: TrustRequest): Finding[] {
  const { arn, account, partition, path } = request.caller;
  const isLetIn = (caller: RoleArn | undefined): boolean => caller !== undefined && letsIn(statements, { ...request, caller }) !== 'no';
  const fix = `Name the task role as the sole principal: "${arn}".`;
  if (isLetIn(parseRoleArn(`arn:${partition}:iam::${account === '000000000000' ? '1' : '0'}00000000000:role/another`))) {
    const message = 'The trust policy lets in every AWS account.';
    return [{ code: 'principal-anyone', severity: 'warning', message, fix }];
  }
  const isWide = ['/', path].some((path) => isLetIn(parseRoleArn(`arn:${partition}:iam::${account}:role${path}another-role`)));
  if (!isWide) return [];
  const message = `The trust policy lets in the account ${account} as a whole: every role there that may assume roles, not only the task role.`;
  return [{ code: 'principal-account', severity: 'warning', message, fix }];
}

function namedOthers(statements: readonly TrustStatement[], caller: RoleArn, byConditions: readonly string[]): Finding[] {
  const allowing = statements.filter((statement) => statement.effect === 'Allow' && actionHolds(statement) === 'yes');
  const others = allowing.flatMap(({ principals }) => [
    ...principals.aws.filter((principal) => !['role', 'account', 'anyone'].includes(principalKind(principal, caller))),
    ...principals.others,
  ]);
  const listed = [...new Set([...others, ...byConditions])];
  if (listed.length === 0) return [];
  const more = listed.length > 3 ? ` and ${listed.length - 3} more` : '';
  const message = `The trust policy names others beside the task role: ${listed.slice(0, 3).join(', ')}${more}.`;
  return [{ code: 'principal-others', severity: 'note', message }];
}

/** A principal of `*` with a condition on the caller names somebody as well. */
function namedByConditions(statements: readonly TrustStatement[], request: TrustRequest): string[] {
  const conditions = statements.flatMap((statement) => statement.conditions);
  return conditions
    .flatMap(({ key, values }) => values.map((value) => ({ value, caller: callerNamed(key.toLowerCase(), value, request.caller) })))
    .filter(({ caller }) => caller !== undefined && caller.arn !== request.caller.arn)
    .filter(({ caller }) => caller !== undefined && letsIn(statements, { ...request, caller }) !== 'no')
    .map(({ value }) => value);
}

/** A role that such a condition speaks of; patterns filled in. */
function callerNamed(key: string, value: string, { partition }: RoleArn): RoleArn | undefined {
  if (key === 'aws:principalaccount') return parseRoleArn(`arn:${partition}:iam::${value}:role/another`);
  if (key !== 'aws:principalarn') return undefined;
  return parseRoleArn(value.replace(/^([^:]*):[^:]*:([^:]*)::\*:/, `$1:${partition}:$2::999999999999:`).replaceAll(/[*?]/g, 'x'));
}
