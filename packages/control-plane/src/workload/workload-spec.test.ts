import type { Config } from '@runlayer/config-schema';
import { createMemoryProvisioner } from '@runlayer/provisioner/memory';
import { describe, expect, it } from 'vitest';
import { workloadSpec } from './workload-spec.ts';

const config: Config = {
  name: 'notes',
  runtime: 'docker',
  mode: 'build',
  build: { dockerfile: 'Dockerfile', context: '.', platformStated: false, args: {} },
  service: { port: 8000, expose: [] },
  infrastructure: {
    cpu: 512,
    memory: 1024,
    platformStated: false,
    enableDb: true,
    assumeRoles: { data: 'arn:1' },
    scaling: { minReplicas: 1, maxReplicas: 3 },
  },
  env: {},
};
const release = { id: 'r', deploymentId: 'd', serverId: 's', name: 'notes', config, env: {}, image: 'sha256:1', platform: 'x86' } as const;
const provisioner = createMemoryProvisioner();
const context = { platformUrl: 'https://p', jwksUrl: 'http://host/jwks', provisioner };

describe('a workload', () => {
  it('is made of the stored release', () => {
    expect(workloadSpec(context, release)).toEqual({
      deploymentId: 'd',
      releaseId: 'r',
      name: 'notes',
      image: 'sha256:1',
      platform: 'x86',
      cpu: 512,
      memoryMiB: 1024,
      port: 8000,
      path: undefined,
      env: {
        RUNLAYER_SERVER_ID: 's',
        RUNLAYER_IDENTITY_JWKS_URL: 'http://host/jwks',
        DEPLOYMENT_URL: 'https://p/api/v1/proxy/hosted/d',
        RUNLAYER_URL: 'https://p',
        RUNLAYER_OAUTH_CALLBACK_URL: 'https://p/oauth/callback',
        RUNLAYER_DEPLOYMENT_ID: 'd',
      },
      secrets: {},
      database: true,
      assumeRoles: { DATA: 'arn:1' },
      scaling: undefined,
    });
  });

  it('asks for scaling only where the target has it', () => {
    const scaling = { ...context, provisioner: { ...provisioner, features: { ...provisioner.features, scaling: true } } };
    expect(workloadSpec(scaling, release).scaling).toEqual({ minReplicas: 1, maxReplicas: 3 });
  });

  it('has the architecture that the file states, else that of its image [CFG-5]', () => {
    const stated: Config = { ...config, infrastructure: { ...config.infrastructure, platform: 'arm', platformStated: true } };
    expect(workloadSpec(context, { ...release, config: stated }).platform).toBe('arm');
  });

  it('never lets a variable of the user stand for an automatic one [AUTO-1, CFG-8]', () => {
    const { env, secrets } = workloadSpec(context, {
      ...release,
      env: { RUNLAYER_DEPLOYMENT_ID: 'x', DB_TABLE_NAME: 'x', RUNLAYER_SERVER_ID: 'mine' },
    });
    expect(env['RUNLAYER_DEPLOYMENT_ID']).toBe('d');
    expect(env).not.toHaveProperty('RUNLAYER_SERVER_ID');
    expect(secrets).toEqual({ RUNLAYER_SERVER_ID: 'mine' });
  });

  it.each([
    ['$$DEPLOYMENT_URL', 'https://p/api/v1/proxy/hosted/d'],
    ['a$$RUNLAYER_URL/b', 'ahttps://p/b'],
    ['$$RUNLAYER_OAUTH_CALLBACK_URL', 'https://p/oauth/callback'],
    ['$$OTHER $$DEPLOYMENT_URLS $DEPLOYMENT_URL', '$$OTHER $$DEPLOYMENT_URLS $DEPLOYMENT_URL'],
  ])('replaces %s [AUTO-2]', (value, expected) => {
    expect(workloadSpec(context, { ...release, env: { A: value } }).secrets['A']).toBe(expected);
  });
});
