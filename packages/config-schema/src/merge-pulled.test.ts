import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from './config.ts';
import { exportYaml } from './export-yaml.ts';
import { mergePulled } from './merge-pulled.ts';
import { parseConfig, readConfig } from './parse-config.ts';
import { exportedEnv } from './placeholders.ts';
import { templateYaml } from './template.ts';
import { anyConfig } from './testing/any-config.ts';

const local = `# our notes server
id: 9b2f0c1e-5a64-4c7e-9d1b-3f8f6a2d7e10 # do not touch

name: notes
service:
  # listens on all addresses
  port: 8000   # http
  path: "/mcp"
  expose:
    - /authorize # by the browser
    - /token     # by the client

infrastructure: {cpu: 256, memory: 512} # small
env:
  LOG_LEVEL: "\${LOG_LEVEL:-info}"
  API_TOKEN: \${OUR_TOKEN} # from the vault
  ISSUER: $$DEPLOYMENT_URL
`;
const id = '9b2f0c1e-5a64-4c7e-9d1b-3f8f6a2d7e10';
const pull = (change: (config: Config) => Config): string => exportYaml(change(readConfig(local)));

describe('mergePulled', () => {
  it('changes no byte where nothing is new, and adds no default that was left out [CLI-5]', () => {
    expect(
      mergePulled(
        local,
        pull((config) => config),
      ),
    ).toBe(local);
    const windows = `\uFEFF${local.replaceAll('\n', '\r\n')}`;
    expect(
      mergePulled(
        windows,
        pull((config) => config),
      ),
    ).toBe(windows);
  });

  it('changes only the values that are new, each in its place [CLI-5]', () => {
    const text = pull((config) => ({
      ...config,
      name: 'notes-2',
      service: { ...config.service, port: 9000, path: '/sse' },
      infrastructure: { ...config.infrastructure, memory: 1024 },
    }));
    expect(mergePulled(local, text)).toBe(
      local.replace('name: notes', 'name: notes-2').replace('8000', '9000').replace('"/mcp"', '/sse').replace('512', '1024'),
    );
  });

  it('keeps comments where keys and list entries come and go [CLI-5]', () => {
    const text = pull((config) => ({
      ...config,
      service: { ...config.service, expose: ['/token', '/register'] },
      env: { API_TOKEN: 'x', NEW: 'y' },
    }));
    const merged = mergePulled(local, text);
    for (const kept of [
      '# our notes server',
      '# do not touch',
      '# listens on all addresses',
      '# http',
      '# by the client',
      '# small',
      '# from the vault',
    ])
      expect(merged).toContain(kept);
    for (const gone of ['# by the browser', 'LOG_LEVEL', 'ISSUER']) expect(merged).not.toContain(gone);
    expect(merged).toContain('API_TOKEN: ${OUR_TOKEN}');
    expect(merged).toContain("NEW: '${NEW}'");
  });

  it('puts a placeholder in place of a literal, for the file must not say what may be outdated [CLI-5]', () => {
    expect(
      mergePulled(
        local.replace('${OUR_TOKEN}', 'literal'),
        pull((config) => config),
      ),
    ).toContain("API_TOKEN: '${API_TOKEN}' # from the vault");
  });

  it('takes a reference of the platform over a local placeholder [CLI-5]', () => {
    expect(
      mergePulled(
        local.replace('$$DEPLOYMENT_URL', '${ISSUER}'),
        pull((config) => config),
      ),
    ).toContain("ISSUER: '$$DEPLOYMENT_URL'");
  });

  it.each([
    ['is broken', 'name: [\n'],
    ['is a list', '- a\n'],
    ['is empty', ''],
    ['uses aliases', `${local}  A: &a x\n  B: *a\n`],
  ])('returns the pulled text where the local file %s [CLI-5]', (_what, source) => {
    const text = pull((config) => config);
    expect(mergePulled(source, text)).toBe(text);
  });

  it('returns pulled text that it cannot read as it came [CLI-5]', () => {
    expect(mergePulled(local, 'from: the future\n')).toBe('from: the future\n');
  });

  it('always means what was pulled, whatever stood there [CLI-5]', () => {
    const decorated = fc
      .tuple(anyConfig, fc.boolean())
      .map(([config, commented]) => (commented ? exportYaml(config).replace(/^( *)(\w+:)/gm, '$1# about $2\n$1$2') : exportYaml(config)));
    const template = fc.constant(templateYaml({ name: 'notes', platform: 'arm' }));
    fc.assert(
      fc.property(fc.oneof(decorated, template), anyConfig, (source, pulled) => {
        const merged = mergePulled(source, exportYaml(pulled));
        const { config, issues } = parseConfig(merged);
        expect(issues, merged).toEqual([]);
        expect({ ...config, env: {} }).toEqual({ ...pulled, env: {} });
        const shown = exportedEnv(pulled.env);
        expect(Object.keys(config?.env ?? {}).toSorted()).toEqual(Object.keys(shown).toSorted());
        for (const [name, value] of Object.entries(shown)) expect(config?.env[name]?.includes('${')).toBe(value.includes('${'));
      }),
      { numRuns: 400 },
    );
  });

  it('keeps the local comments when it can, not only when the file is simple [CLI-5]', () => {
    fc.assert(
      fc.property(anyConfig, anyConfig, (mine, theirs) => {
        const merged = mergePulled(`# kept\n${exportYaml({ ...mine, id })}`, exportYaml({ ...theirs, id }));
        expect(merged).toContain('# kept');
      }),
      { numRuns: 200 },
    );
  });
});
