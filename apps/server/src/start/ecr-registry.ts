// What clients are told to push with on AWS: the one repository of the installation, and credentials that end.
import type { WireRegistryCredentials } from '@runlayer/api';
import type { AwsRegistry, PushCredentials } from '@runlayer/aws-provisioner';
import { shared } from './shared.ts';
import type { TargetRegistry } from './target.ts';

/** The registry of the account. Its name is asked for once; who keeps the credentials until they near their end is the registry itself. */
export function createEcrRegistry(registry: Pick<AwsRegistry, 'repository' | 'credentials'>): TargetRegistry {
  const repository = shared(
    () => registry.repository(),
    () => Number.POSITIVE_INFINITY,
  );
  return { repository, credentials: async () => wire(await repository(), await registry.credentials()) };
}

function wire(repository: string, { username, password, expiresAt }: PushCredentials): WireRegistryCredentials {
  return {
    username,
    password,
    registry_url: repository.split('/')[0] ?? '',
    repository_url: repository,
    expires_at: expiresAt?.toISOString() ?? null,
    // The published client knows of three; this one is a registry with a login.
    deployment_mode: 'ECS',
  };
}
