import { substituteYaml, variablesFrom } from '@runlayer/env-substitution';
import { describe, expect, it } from 'vitest';
import { formatConfigIssues } from './format-issues.ts';
import { parseConfig } from './parse-config.ts';

const source = `# \${NOT_SUBSTITUTED}
name: \${NAME:-notes}
service:
  port: \${PORT}   # from the environment
infrastructure: {cpu: 256, memory: "\${MEMORY:-512}"}
env:
  TOKEN: \${TOKEN}
  DEBUG: \${DEBUG:-false}
  ISSUER: $$DEPLOYMENT_URL
`;
const substituted = (values: Record<string, string>): ReturnType<typeof substituteYaml> => substituteYaml(source, variablesFrom(values));

describe('a file after substitution', () => {
  it('reads the same from the document and from its text [SUB-8, CFG-8]', () => {
    const { document, lineCounter, text } = substituted({ PORT: '8000', TOKEN: 'two\nlines: "x"', MEMORY: '512' });
    const fromDocument = parseConfig({ document, lineCounter });
    expect(parseConfig(text).config).toEqual(fromDocument.config);
    expect(parseConfig(text).issues.map(({ path }) => path)).toEqual(fromDocument.issues.map(({ path }) => path));
  });

  it('takes env as text, whatever the value looks like [CFG-8]', () => {
    const { text } = substituteYaml(source.replace('"${MEMORY:-512}"', '512'), variablesFrom({ PORT: '8000', TOKEN: '1e3' }));
    expect(parseConfig(text).config?.env).toEqual({ TOKEN: '1e3', DEBUG: 'false', ISSUER: '$$DEPLOYMENT_URL' });
  });

  it.each(['8000', '1.10', 'false', '0x1F40', '1e400', '017', 'yes', '2024-01-01', '.nan'])(
    'takes %s in env the same from the document, from its text and from text that another client substituted [CFG-8]',
    (value) => {
      const lines = (written: string): string =>
        `name: notes\nservice:\n  port: &port 0x1F40\nenv:\n  A: ${written}\n  B: "${written}"\n  C: ${value}\n  D: *port\n`;
      const here = substituteYaml(lines('${V}'), variablesFrom({ V: value }));
      const expected = { A: value, B: value, C: value, D: '0x1F40' };
      for (const source of [here, here.text, lines(value)]) expect(parseConfig(source).config?.env).toEqual(expected);
      expect(parseConfig(here).warnings).toEqual(parseConfig(here.text).warnings);
    },
  );

  it('shows the substituted value at its place in the original, and no env value [SUB-8]', () => {
    const { document, lineCounter } = substituted({ PORT: '70000', TOKEN: `canary-secret${'x'.repeat(2000)}`, NAME: 'A B' });
    const { issues } = parseConfig({ document, lineCounter });
    expect(issues).toMatchObject([
      { path: 'name', line: 2, column: 7, found: '"A B"', suggestion: 'a-b' },
      { path: 'service.port', line: 4, column: 9, found: '70000' },
      { path: 'infrastructure.memory', line: 5 },
      { path: 'env.TOKEN', line: 7, column: 10, message: expect.stringMatching(/2013 characters/) },
    ]);
    expect(formatConfigIssues(issues)).not.toContain('canary-secret');
  });
});
