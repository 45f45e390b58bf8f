// Configurations rebuilt from workloads: valid as files, and the same workload again.
import { exportYaml, parseConfig } from '@runlayer/config-schema';
import type { WorkloadSpec } from '@runlayer/provisioner';
import { expect, it } from 'vitest';
import { restoredConfig } from './restored-config.ts';

const deploymentId = '6bb33f4a-3eea-4b5c-aa2b-b027daac437c';
const url = `https://mcp.example.com/api/v1/proxy/hosted/${deploymentId}`;
const image = `registry.example/notes@sha256:${'0'.repeat(64)}`;
const spec: WorkloadSpec = {
  deploymentId,
  releaseId: deploymentId,
  name: 'notes',
  image,
  platform: 'arm',
  cpu: 512,
  memoryMiB: 1024,
  port: 8000,
  path: '/mcp',
  env: { DEPLOYMENT_URL: url, RUNLAYER_URL: 'https://mcp.example.com' },
  secrets: { TOKEN: 'a-secret-value', CALLBACK: `${url}/cb`, OTHER: 'https://mcp.example.com/elsewhere' },
  database: true,
  assumeRoles: { BILLING: 'arn:aws:iam::111122223333:role/billing' },
  scaling: { minReplicas: 1, maxReplicas: 3, targetCpuPercent: 60 },
};

it.each([
  ['named in the file', undefined, 'image'],
  ['built', 'registry.example/notes', 'build'],
])('is a valid file for an image that was %s', (_name, repository, mode) => {
  const config = restoredConfig(spec, repository);
  expect(config.mode).toBe(mode);
  const text = exportYaml(config);
  expect(text).not.toContain('a-secret-value');
  const { config: read, issues } = parseConfig(text);
  expect(issues).toEqual([]);
  expect({ ...read, env: {} }).toEqual({ ...config, env: {} });
});

it('has the values of its variables, with the reference to its own address', () => {
  expect(restoredConfig(spec, undefined).env).toEqual({
    TOKEN: 'a-secret-value',
    CALLBACK: '$$DEPLOYMENT_URL/cb',
    OTHER: 'https://mcp.example.com/elsewhere',
  });
});

it('leaves out what the workload leaves out', () => {
  const { platform: _platform, path: _path, scaling: _scaling, ...plain } = spec;
  const config = restoredConfig({ ...plain, env: {} }, undefined);
  expect(config.service).toEqual({ port: 8000, expose: [] });
  expect(config.infrastructure).not.toHaveProperty('platform');
  expect(config.infrastructure.platformStated).toBe(false);
  expect(config.env['CALLBACK']).toBe(`${url}/cb`);
});
