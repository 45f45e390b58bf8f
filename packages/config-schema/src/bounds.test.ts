import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config.ts';

const head = 'name: notes\nservice:\n  port: 8000\n';
const bomb = (open: string, item: (name: string) => string, close: string): string => {
  const levels = Array.from(
    { length: 40 },
    (_, level) =>
      `a${level}: &a${level} ${open}${Array.from({ length: 9 }, () => item(level === 0 ? '' : `*a${level - 1}`)).join(', ')}${close}\n`,
  );
  return head + levels.join('');
};

describe('a hostile file', () => {
  it.each([
    ['five megabytes', `${head}env:\n  A: ${'a'.repeat(5 * 1024 * 1024)}`, /longer than 2 MiB/],
    ['an alias bomb', bomb('[', (alias) => alias || 'x', ']'), /aliases .* more than 100,000/],
    ['a merge bomb', bomb('{<<: [', (alias) => alias || '{a: b}', ']}'), /aliases .* more than 100,000/],
    ['deep brackets', '['.repeat(1_000_000), /more than 100 deep/],
    ['deep maps', '{a: '.repeat(200_000), /more than 100 deep/],
    ['deep dashes', '- '.repeat(500_000), /more than 100 deep/],
    ['deep questions', '? '.repeat(500_000), /more than 100 deep/],
    ['a million empty lines', '\n'.repeat(1_500_000), /more than 500,000 parts/],
  ])('of %s is refused as one issue [CFG-10]', (_what, source, message) => {
    const { config, issues } = parseConfig(source);
    expect(config).toBeUndefined();
    expect(issues).toHaveLength(1);
    expect(issues[0]?.message).toMatch(message);
  });

  it.each([
    ['closing brackets', ']'.repeat(1_000_000)],
    ['commas', `[${','.repeat(300_000)}`],
    ['anchors', '&a '.repeat(200_000)],
    ['documents', '---\n'.repeat(200_000)],
  ])('of %s gets a bounded number of issues [CFG-10]', (_what, source) => {
    const { issues } = parseConfig(source);
    expect(issues.length).toBeGreaterThan(0);
    expect(issues.length).toBeLessThanOrEqual(201);
  });

  it('has no issue longer than a screen, whatever its keys and values are [CFG-10]', () => {
    const long = 'k'.repeat(900);
    const { issues } = parseConfig(
      `${long}: 1\nname: ${'N'.repeat(100_000)}\nservice: {port: ${'p'.repeat(100_000)}, expose: [/${'r'.repeat(100_000)}]}\nenv: {${long}: x}\nimage: ${'I'.repeat(100_000)}\n`,
    );
    expect(issues).toHaveLength(6);
    for (const issue of issues) expect(JSON.stringify(issue).length).toBeLessThan(700);
  });

  it('may be large where it is valid: 25,000 variables, 60,000 aliases', () => {
    const variables = Array.from({ length: 25_000 }, (_, index) => `  V${index}: value ${index}\n`).join('');
    expect(Object.keys(parseConfig(`${head}env:\n${variables}`).config?.env ?? {})).toHaveLength(25_000);
    const aliases = Array.from({ length: 60_000 }, (_, index) => `  V${index}: *a\n`).join('');
    expect(Object.keys(parseConfig(`${head}env:\n  A: &a x\n${aliases}`).config?.env ?? {})).toHaveLength(60_001);
  });
});
