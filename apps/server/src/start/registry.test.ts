// Where clients are told to push.
import { expect, it } from 'vitest';
import { readSettings } from '../settings/read-settings.ts';
import { registryCredentials } from './registry.ts';

it('is the shared engine without a registry, every key present [CLI-3]', () => {
  expect(registryCredentials(readSettings({}))).toEqual({
    username: '',
    password: '',
    registry_url: '',
    repository_url: 'runlayer-local',
    expires_at: null,
    deployment_mode: 'LOCAL',
  });
});

it('is the registry of the settings', () => {
  const settings = {
    RUNLAYER_REGISTRY_URL: 'https://r.example',
    RUNLAYER_REGISTRY_REPOSITORY: 'r.example/mcp',
    RUNLAYER_REGISTRY_USERNAME: 'u',
    RUNLAYER_REGISTRY_PASSWORD: 'p',
  };
  expect(registryCredentials(readSettings(settings))).toEqual({
    username: 'u',
    password: 'p',
    registry_url: 'https://r.example',
    repository_url: 'r.example/mcp',
    expires_at: null,
    deployment_mode: 'ECS',
  });
});
