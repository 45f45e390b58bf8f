// What a trust policy gets wrong about the External ID.
import type { Finding } from '../finding.ts';
import { type Condition, nameOf, type TrustStatement } from './statement.ts';
import type { TrustRequest } from './trust-request.ts';

/** What is wrong with a condition on the External ID that keeps the deployment out. */
export function externalIdFinding(condition: Condition, statement: TrustStatement, { externalId = '' }: TrustRequest): Finding {
  const where = `The External ID of ${nameOf(statement)}`;
  const shared = { severity: 'error', statement: statement.position, fix: `Set sts:ExternalId to "${externalId}".` } as const;
  if (refusesIt(condition, statement)) {
    const message = `${capital(nameOf(statement))} refuses calls that bring this External ID (${condition.operator}).`;
    return { ...shared, code: 'external-id-refused', message, fix: `Ask for it: StringEquals, sts:ExternalId, "${externalId}".` };
  }
  const near = condition.values.find((value) => withoutCase(value) === withoutCase(externalId));
  if (near !== undefined) {
    const message = `${where} is "${near}": not the id of the deployment to the letter, and IAM compares every character.`;
    return { ...shared, code: 'external-id-spelling', message };
  }
  const given = condition.values.slice(0, 3).map((value) => `"${value}"`);
  const placeholder = condition.values.some((value) => /^[<{$[].*[>}\]]$/.test(value)) ? ' It was never filled in.' : '';
  const message = `${where} is ${given.join(' or ')}; the deployment sends its id, "${externalId}".${placeholder}`;
  return { ...shared, code: 'external-id-wrong', message };
}

/** Said of a statement, or of the whole policy. */
export function missingExternalId({ externalId = '' }: TrustRequest, statement?: TrustStatement): Finding {
  const whose = statement === undefined ? 'The trust policy' : capital(nameOf(statement));
  return {
    code: 'external-id-missing',
    severity: 'warning',
    message: `${whose} asks for no External ID, so a call that does not come on behalf of this deployment is let in as well.`,
    fix: `Add the condition StringEquals, sts:ExternalId, "${externalId}".`,
    statement: statement?.position,
  };
}

/** An Allow refuses it by a negated operator, a Deny by a plain one; `Null` with the value that asks for its absence. */
function refusesIt({ operator }: Condition, { effect }: TrustStatement): boolean {
  const name = operator.toLowerCase();
  if (name.includes('null')) return true;
  return (effect === 'Allow') === name.includes('not');
}

function withoutCase(text: string): string {
  return text.replaceAll(/[\s"']/g, '').toLowerCase();
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
