// The role table of the routes.
import { expect, it } from 'vitest';
import { contract, type Operation } from './contract.ts';

const may = (role: string) =>
  (Object.keys(contract) as Operation[]).filter((name) => (contract[name]['x-runlayer-roles'] as readonly string[]).includes(role)).sort();

it('lets a deploy key do everything with deployments and nothing else [CLI-7]', () => {
  const deployments = (Object.keys(contract) as Operation[]).filter((name) => contract[name].path.startsWith('/api/v1/deployments')).sort();
  expect(may('deploy')).toEqual([...deployments, 'getMe'].sort());
});

it('lets a member read but not change deployments or connectors [PLAT-1]', () => {
  const changing = may('member').filter((name) => contract[name].method !== 'get');
  expect(changing).toEqual(['beginLocalCall', 'createApiKey', 'endLocalCall', 'revokeApiKey', 'validateYaml']);
});

it('lets an admin call every route that needs a credential', () => {
  const closed = (Object.keys(contract) as Operation[]).filter((name) => contract[name]['x-runlayer-roles'] !== 'public').sort();
  expect(may('admin')).toEqual(closed);
});
