import { describe, expect, it } from 'vitest';
import { readConfig } from './parse-config.ts';
import { templateYaml } from './template.ts';

const id = '9b2f0c1e-5a64-4c7e-9d1b-3f8f6a2d7e10';

describe('templateYaml', () => {
  it.each(['x86', 'arm'] as const)('is valid and states the platform %s [CLI-2, CFG-2]', (platform) => {
    expect(readConfig(templateYaml({ id, name: 'notes', platform }))).toMatchObject({
      id,
      name: 'notes',
      build: { platform, platformStated: true },
      service: { port: 8000, path: '/mcp', expose: [] },
      infrastructure: { cpu: 256, memory: 512 },
    });
  });

  it('has no id line where there is no id [CLI-2]', () => {
    expect(templateYaml({ name: 'notes', platform: 'arm' })).not.toMatch(/^id/m);
  });

  it.each(['123', 'null', 'no', '1e3', '0x1f', '-', '_', '-a', 'true', '1_000'])('keeps the name %s a text [CLI-2]', (name) => {
    expect(readConfig(templateYaml({ id, name, platform: 'arm' })).name).toBe(name);
  });

  it('is valid with everything that it offers in comments switched on [CLI-2]', () => {
    const text = templateYaml({ id, name: 'notes', platform: 'arm', port: 3000 })
      .split('\n')
      .map((line) =>
        line.replace(/^( *)# ((?:  )*(?:[A-Za-z_]+:(?: .*)?|- \/.*))$/, (all, indent: string, rest: string) =>
          /: (?:the|\/mcp|256)|^expose: ?$|^args:|^env:|^image/.test(rest) && !/^(expose|args|env):$/.test(rest) ? all : indent + rest,
        ),
      )
      .join('\n');
    expect(readConfig(text)).toMatchObject({
      service: { port: 3000, expose: ['/.well-known/oauth-authorization-server', '/authorize', '/token', '/register'] },
      build: { args: { NODE_VERSION: '24' }, target: 'runtime' },
      infrastructure: { enableDb: true },
      env: { LOG_LEVEL: 'info', API_TOKEN: '${API_TOKEN}', OAUTH_ISSUER: '$$DEPLOYMENT_URL' },
    });
  });
});
