import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exportYaml } from './export-yaml.ts';
import { maskConfig } from './mask.ts';
import { parseConfig, readConfig } from './parse-config.ts';
import { exportedEnv } from './placeholders.ts';
import { anyConfig } from './testing/any-config.ts';
import { goodFile } from './testing/good-file.ts';

// The keys that the published client allows; it refuses a file with any other before it does anything.
const published: Record<string, string[]> = {
  '': ['id', 'name', 'runtime', 'build', 'image', 'service', 'infrastructure', 'env'],
  build: ['dockerfile', 'context', 'platform', 'args', 'target'],
  service: ['port', 'path', 'expose'],
  infrastructure: ['cpu', 'memory', 'platform', 'enable_db', 'aws', 'scaling'],
  'infrastructure.aws': ['assume_roles'],
  'infrastructure.scaling': ['min_replicas', 'max_replicas', 'target_cpu_percent', 'target_network_mib_per_second'],
};

function expectPublishedKeys(value: unknown, path = ''): void {
  const allowed = published[path];
  if (allowed === undefined || typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    expect(allowed).toContain(key);
    expectPublishedKeys(inner, path === '' ? key : `${path}.${key}`);
  }
}

describe('exportYaml', () => {
  it('writes every value but those of env, which become placeholders [CLI-5, SEC-1]', () => {
    expect(exportYaml(readConfig(goodFile.replace('# a comment', '# canary-comment')))).toBe(`id: 9b2f0c1e-5a64-4c7e-9d1b-3f8f6a2d7e10
name: notes
runtime: docker
build:
  dockerfile: Dockerfile
  context: .
  platform: x86
service:
  port: 8000
  path: /mcp
  expose:
    - /token
infrastructure:
  cpu: 256
  memory: 512
env:
  PORT: '\${PORT}'
  API_TOKEN: '\${API_TOKEN}'
  CALLBACK: '$$DEPLOYMENT_URL/cb'
`);
  });

  it('has no id line where there is no id: published clients damage a file with an empty one [CLI-5]', () => {
    expect(exportYaml(readConfig('name: 0x1f\nservice: {port: 1}\n'.replace('0x1f', '"0x1f"')))).toMatch(/^name: '0x1f'\n/);
  });

  it.each([
    ['$$DEPLOYMENT_URL', true],
    ['$$DEPLOYMENT_URL/cb', true],
    ['$$RUNLAYER_OAUTH_CALLBACK_URL', true],
    ['$$RUNLAYER_URL/.well-known/jwks.json', true],
    ['$$DEPLOYMENT_URL/', true],
    ['$$DEPLOYMENT_URL?token=s3cret', false],
    ['$$DEPLOYMENT_URL/cb?x', false],
    ['$$DEPLOYMENT_URL/cb#s3cret', false],
    [`$$DEPLOYMENT_URL/${'a'.repeat(33)}`, false],
    ['s3cret$$DEPLOYMENT_URL', false],
    ['$$DEPLOYMENT_URL:s3cret', false],
    ['$$DEPLOYMENT_URLS', false],
    ['$$DEPLOYMENT_URL\ns3cret', false],
    ['$$DEPLOYMENT_URL\n', false],
    ['$$OTHER', false],
    ['$$$DEPLOYMENT_URL', false],
    ['', false],
  ])('shows the value %j: %s [CLI-5, SEC-1]', (value, shown) => {
    expect(exportedEnv({ A: value })).toEqual({ A: shown ? value : '${A}' });
  });

  it('writes placeholders in upper case, and never one for two variables [CLI-5]', () => {
    expect(exportedEnv({ node_env: 'a', Token: 'b', TOKEN: 'c', token: 'd', TOKEN_2: 'e' })).toEqual({
      node_env: '${NODE_ENV}',
      Token: '${TOKEN_3}',
      TOKEN: '${TOKEN}',
      token: '${TOKEN_4}',
      TOKEN_2: '${TOKEN_2}',
    });
  });

  it('parses to the same configuration once its placeholders have their values, within the published keys [CLI-5, CFG-1]', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        const text = exportYaml(config);
        const read = parseConfig(text);
        expect(read.issues, text).toEqual([]);
        expect({ ...read.config, env: config.env }).toEqual(config);
        expect(read.config?.env).toEqual(exportedEnv(config.env));
        expectPublishedKeys(parse(text, { version: '1.1' }));
      }),
      { numRuns: 500 },
    );
  });

  it('reads the same for a reader of YAML 1.1, which published clients are [CLI-5]', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        // A lone dot is a number to this library's YAML 1.1, and a text to PyYAML, which is what reads it.
        const text = exportYaml(config).replace(/: \.$/gm, ": '.'");
        expect(parse(text, { version: '1.1' })).toEqual(parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it('holds no env value, masked or not [SEC-1, CLI-5]', () => {
    fc.assert(
      fc.property(anyConfig, fc.stringMatching(/^[a-z0-9]{12}$/), (config, secret) => {
        const env = Object.fromEntries(Object.entries({ ...config.env, LAST: '' }).map(([name, value]) => [name, `${value}${secret}?`]));
        expect(exportYaml({ ...config, env })).not.toContain(secret);
        expect(JSON.stringify(maskConfig({ ...config, env }))).not.toContain(secret);
      }),
      { numRuns: 200 },
    );
  });
});
