// What lets a deployment take on the customer's roles that it declares.
import type { PolicyDocument } from './policy-document.ts';

/**
 * The inline policy `assume-roles` of the task role: `sts:AssumeRole` on exactly these roles. The External ID is no condition here:
 * it is the customer's trust policy that asks for it.
 *
 * @param roles ARNs, as declared. Repeats count once.
 * @returns Nothing when no role is declared: then there is nothing to allow.
 */
export function assumeRolesPolicy(roles: readonly string[]): PolicyDocument | undefined {
  if (roles.length === 0) return undefined;
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'AssumeDeclaredRoles', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: [...new Set(roles)].sort() }],
  };
}
