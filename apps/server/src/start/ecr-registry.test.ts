// What clients are told to push with on AWS.
import { expect, it } from 'vitest';
import { createEcrRegistry } from './ecr-registry.ts';

const repository = '111122223333.dkr.ecr.eu-central-1.amazonaws.com/runlayer/default';

it('is the repository of the installation, with credentials as they are now, every key present [CLI-3]', async () => {
  let asked = 0;
  const registry = createEcrRegistry({
    repository: async () => repository,
    credentials: async () => ({ username: 'AWS', password: `p${(asked += 1)}`, expiresAt: new Date('2026-11-22T20:00:00Z') }),
  });
  const wire = {
    username: 'AWS',
    password: 'p1',
    registry_url: '111122223333.dkr.ecr.eu-central-1.amazonaws.com',
    repository_url: repository,
    expires_at: '2026-11-22T20:00:00.000Z',
    deployment_mode: 'ECS',
  };
  expect(await registry.credentials()).toEqual(wire);
  expect(await registry.credentials()).toEqual({ ...wire, password: 'p2' });
});

it('asks for the name of the repository once, and again only after a failure', async () => {
  const answers = [Promise.reject(new Error('away')), Promise.resolve(repository)];
  const registry = createEcrRegistry({
    repository: () => answers.shift() ?? Promise.reject(new Error('asked again')),
    credentials: async () => ({ username: 'AWS', password: 'p', expiresAt: undefined }),
  });
  await expect(registry.credentials()).rejects.toThrow('away');
  expect((await registry.credentials()).expires_at).toBeNull();
  expect(await registry.repository()).toBe(repository);
});
