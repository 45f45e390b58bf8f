import { expect, it } from 'vitest';
import type { Action } from './permissions.ts';
import { allows, requireRight } from './permissions.ts';
import type { Role } from './principal.ts';

const key = (role: Role) => ({ type: 'organization_key', organizationId: 'o', role, keyId: 'k', keyName: 'ci' }) as const;

it.each<[Action, readonly Role[]]>([
  ['deployments.read', ['admin', 'member', 'deploy']],
  ['deployments.write', ['admin', 'deploy']],
  ['deployments.deploy', ['admin', 'deploy']],
  ['deployments.destroy', ['admin', 'deploy']],
  ['connectors.read', ['admin', 'member']],
  ['connectors.write', ['admin']],
  ['people.read', ['admin']],
  ['people.write', ['admin']],
  ['keys.own', ['admin', 'member']],
  ['keys.manage', ['admin']],
  ['audit.read', ['admin']],
  ['signing_keys.read', ['admin']],
  ['signing_keys.write', ['admin']],
  ['proxy.call', ['admin', 'member']],
])('lets %s be done by %j only [CLI-7]', (action, roles) => {
  expect((['admin', 'member', 'deploy'] as const).filter((role) => allows(key(role), action))).toEqual(roles);
});

it('says what is needed', () => {
  expect(() => requireRight(key('deploy'), 'connectors.write', 'Registering a connector')).toThrow(
    'Registering a connector needs the admin role; this organization key has the deploy role.',
  );
});
