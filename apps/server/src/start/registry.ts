// Where clients leave the images they build, as the settings say.
import type { WireRegistryCredentials } from '@runlayer/api';
import type { Settings } from '../settings/read-settings.ts';
import type { TargetRegistry } from './target.ts';

/** What the settings say, the same for everyone and for ever. */
export function settingsRegistry(settings: Settings): TargetRegistry {
  const credentials = registryCredentials(settings);
  return { credentials: async () => credentials, repository: async () => settings.registryRepository };
}

/** The registry of the settings; without one, the engine that client and server share. */
export function registryCredentials(settings: Settings): WireRegistryCredentials {
  const { registryUrl, registryRepository, registryUsername = 'anonymous', registryPassword = 'anonymous' } = settings;
  if (registryUrl === undefined || registryRepository === undefined) {
    // The published client tags `runlayer-local:<id>` here, and reads every one of these keys.
    return { username: '', password: '', registry_url: '', repository_url: 'runlayer-local', expires_at: null, deployment_mode: 'LOCAL' };
  }
  return {
    username: registryUsername,
    password: registryPassword,
    registry_url: registryUrl,
    repository_url: registryRepository,
    expires_at: null,
    deployment_mode: 'ECS',
  };
}
