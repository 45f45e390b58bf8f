import { describe, expect, it } from 'vitest';
import { configurationRecord } from './configuration-record.ts';
import { maskConfig } from './mask.ts';
import { readConfig } from './parse-config.ts';
import { buildPlatform, resolvePlatform } from './platform.ts';
import { goodFile } from './testing/good-file.ts';

describe('a configuration that is shown', () => {
  it('is one flat object with every env value masked [SEC-1, CFG-7]', () => {
    const role = 'arn:aws:iam::123456789012:role/x';
    const config = readConfig(
      goodFile.replace('memory: 512', `memory: 512\n  aws: {assume_roles: {data: "${role}"}}\n  scaling: {max_replicas: 2}`),
    );
    expect(configurationRecord(config)).toEqual({
      name: 'notes',
      runtime: 'docker',
      mode: 'build',
      build: { dockerfile: 'Dockerfile', context: '.', platform: 'x86', args: {}, target: null },
      image: null,
      port: 8000,
      path: '/mcp',
      expose: ['/token'],
      cpu: 256,
      memory: 512,
      platform: 'x86',
      enable_db: false,
      scaling: { min_replicas: 1, max_replicas: 2, target_cpu_percent: null, target_network_mib_per_second: null },
      aws_assume_roles: { data: role },
      env: { PORT: '***', API_TOKEN: '***', CALLBACK: '***' },
    });
  });

  it('masks every value alike, an empty one too [SEC-1]', () => {
    const config = readConfig('name: x\nservice: {port: 1}\nenv: {A: "", __proto__: secret}\n');
    expect(Object.entries(maskConfig(config).env)).toEqual([
      ['A', '***'],
      ['__proto__', '***'],
    ]);
    expect(config.env['A']).toBe('');
  });
});

describe('the platform', () => {
  const head = 'name: x\nservice: {port: 1}\n';
  it.each([
    ['build mode, nothing stated', '', { stated: false }, 'arm'],
    ['build mode, stated by the build', 'build: {platform: x86}\n', { platform: 'x86', stated: true }, 'x86'],
    ['build mode, stated by the infrastructure', 'infrastructure: {platform: x86}\n', { platform: 'x86', stated: true }, 'x86'],
    ['build mode, stated twice', 'build: {platform: arm}\ninfrastructure: {platform: arm}\n', { platform: 'arm', stated: true }, 'arm'],
    ['image mode, nothing stated', 'image: a\n', { platform: 'x86', stated: false }, 'x86'],
    ['image mode, stated', 'image: a\ninfrastructure: {platform: arm}\n', { platform: 'arm', stated: true }, 'arm'],
  ])('is resolved in %s [CFG-5, CFG-2]', (_what, text, resolved, built) => {
    const config = readConfig(head + text);
    expect(resolvePlatform(config)).toEqual(resolved);
    expect(buildPlatform(config)).toBe(built);
  });
});
