import { describe, expect, it } from 'vitest';
import { formatConfigIssues } from './format-issues.ts';
import { parseConfig } from './parse-config.ts';

// The file and the edits of the acceptance run with the unmodified published client, which shows our text as it is.
const good = `# written by the acceptance run
id: 9b2f0c1e-5a64-4c7e-9d1b-3f8f6a2d7e10
name: acc-1732270000-4242
runtime: docker
build:
  dockerfile: Dockerfile
  context: .
  platform: x86
service:
  port: 8000
  path: /mcp
  expose:
    - /open
infrastructure:
  cpu: 256
  memory: 512
env:
  PORT: "8000"
  ACC_SECRET: s3cr3t-1-2
  ACC_FALLBACK: fallback
  ACC_PLAIN: plain-one
  ACC_CALLBACK: $$DEPLOYMENT_URL/cb
  ACC_PLATFORM: $$RUNLAYER_URL
`;

type Edit = (source: string) => string;
const line =
  (key: string, ...lines: string[]): Edit =>
  (source) =>
    source
      .split('\n')
      .flatMap((text) => (text.trimStart().startsWith(`${key}:`) ? lines : [text]))
      .join('\n');

describe('the acceptance run', () => {
  it('finds its good file valid [CFG-1]', () => {
    expect(parseConfig(good).issues).toEqual([]);
  });

  it.each<[string, RegExp, Edit]>([
    ['port-missing', /port/, line('port')],
    ['port-zero', /port/, line('port', '  port: 0')],
    ['port-too-big', /port/, line('port', '  port: 70000')],
    ['port-text', /port/, line('port', '  port: abc')],
    ['path-relative', /path/, line('path', '  path: mcp')],
    ['expose-relative', /expose/, (source) => source.replace('    - /open', '    - open')],
    ['cpu-unknown', /cpu/, line('cpu', '  cpu: 300')],
    ['memory-too-big', /cpu|memory/, line('memory', '  memory: 4096')],
    ['platform-unknown', /platform/, line('platform', '  platform: sparc')],
    ['platform-mismatch', /platform/, line('memory', '  memory: 512', '  platform: arm')],
    ['runtime-unknown', /runtime/, line('runtime', 'runtime: cobol')],
    ['name-missing', /name/, line('name')],
    ['name-spaces', /name/, line('name', 'name: Has Spaces')],
    ['role-not-an-arn', /assume_roles|arn/i, line('memory', '  memory: 512', '  aws: {assume_roles: {data: not-an-arn}}')],
    ['env-too-long', /ACC_PLAIN/, (source) => source.replace('plain-one', 'x'.repeat(2001))],
    ['env-not-a-map', /env/, (source) => source.replace(/^env:[^]*/m, 'env: [a, b]\n')],
    ['build-and-image', /build|image/, line('runtime', 'runtime: docker', 'image: example:1')],
  ])('reads a sentence about %s that names the key, once [CFG-10]', (_name, expression, edit) => {
    const { config, issues } = parseConfig(edit(good));
    expect(config).toBeUndefined();
    expect(issues).toHaveLength(1);
    expect(`${issues[0]?.message}`).toMatch(expression);
    expect(formatConfigIssues(issues)).toMatch(/^\d+:\d+ [\w.[\]]+: .+\./);
    expect(formatConfigIssues(issues)).not.toContain('s3cr3t');
  });
});
