// Who may do what: the one table of roles.
import type { OperatorPrincipal, Principal, Role } from './principal.ts';
import { fail } from './error-codes.ts';

/** Everything that needs a right. */
export type Action =
  | 'deployments.read'
  | 'deployments.write'
  | 'deployments.deploy'
  | 'deployments.destroy'
  | 'connectors.read'
  | 'connectors.write'
  | 'people.read'
  | 'people.write'
  | 'keys.own'
  | 'keys.manage'
  | 'audit.read'
  | 'signing_keys.read'
  | 'signing_keys.write'
  | 'proxy.call';

const rights: Readonly<Record<Role, readonly Action[] | 'all'>> = {
  admin: 'all',
  member: ['deployments.read', 'connectors.read', 'keys.own', 'proxy.call'],
  deploy: ['deployments.read', 'deployments.write', 'deployments.deploy', 'deployments.destroy'],
};

const needed: Readonly<Record<Action, string>> = {
  'deployments.read': 'any role',
  'deployments.write': 'the admin or deploy role',
  'deployments.deploy': 'the admin or deploy role',
  'deployments.destroy': 'the admin or deploy role',
  'connectors.read': 'the admin or member role',
  'connectors.write': 'the admin role',
  'people.read': 'the admin role',
  'people.write': 'the admin role',
  'keys.own': 'a personal account',
  'keys.manage': 'the admin role',
  'audit.read': 'the admin role',
  'signing_keys.read': 'the admin role',
  'signing_keys.write': 'the admin role',
  'proxy.call': 'the admin or member role',
};

/** Whether the principal's role has the right. */
export function allows(principal: Principal | OperatorPrincipal, action: Action): boolean {
  const granted = rights[principal.role];
  return granted === 'all' || granted.includes(action);
}

/** Throws `ERR_FORBIDDEN`, saying what is needed, unless the role has the right. `what` completes "… needs the admin role". */
export function requireRight(principal: Principal | OperatorPrincipal, action: Action, what: string): void {
  if (allows(principal, action)) return;
  throw fail('ERR_FORBIDDEN', `${what} needs ${needed[action]}; this ${credential(principal)} has the ${principal.role} role.`);
}

function credential(principal: Principal | OperatorPrincipal): string {
  return principal.type === 'organization_key' ? 'organization key' : `${principal.type} account`;
}
