import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { substituteYaml } from './substitute-yaml.ts';
import { variablesFrom } from './variables.ts';

const issuesOf = (source: string) => substituteYaml(source, variablesFrom({ SECRET: 'canary-secret' })).issues;

describe('a slip in YAML', () => {
  it.each([
    ['a double quote that is never closed', 'env:\n  A: "canary-secret\n  B: x\nname: a\n', '2:6', /quote is never closed/],
    ['a single quote that is never closed', "env:\n  A: 'canary-secret\n  B: x\n", '2:6', /quote is never closed/],
    ['a list that is never closed', 'a:\n  b: [/x, /y\nc:\n  d: 1\n', '2:6', /bracket is never closed/],
    ['a map that is never closed', 'a: {b: 1\nc:\n  d: 1\n', '1:4', /bracket is never closed/],
    ['a root that is never closed', '{a: {b: 1}\n', '1:1', /bracket is never closed/],
    ['an apostrophe inside single quotes', "env:\n  A: 'it's canary-secret'\n", '2:10', /value that has ended/],
    ['text behind a quoted value', 'env:\n  A: "canary-secret" canary-secret\n', '2:22', /value that has ended/],
    ['a list on the line of its key', 'env:\n  A: - canary-secret\n', '2:6', /list cannot begin here/],
    ['text behind a block header', 'env:\n  A: |canary-secret\n    x\n', '2:7', /Text cannot follow/],
    ['a key without a colon', 'a: 1\ncanary-secret\nb: 2\n', '2:1', /end with a colon/],
    ['a key without a space', 'a:canary-secret\nb: 2\n', '1:1', /end with a colon/],
    ['a long key', `${'k'.repeat(2000)}: 1\n`, '1:1', /longer than 1024/],
    ['a missing comma', 'a: {b: "canary-secret" c: d}\n', '1:24', /does not belong here/],
    ['a tag without a suffix', 'env:\n  A: !canary-secret! x\n', '2:6', /tag/],
    ['a tag with an unknown handle', 'env:\n  A: !c!canary-secret x\n', '2:6', /tag/],
    ['a version that is none', '%YAML canary-secret\n---\na: b\n', '1:7', /directive/],
    ['a wrong escape', 'env:\n  A: "\\canary-secret\\q"\n', '2:7', /backslash/],
    ['a tab', 'a:\r\n\tb: 1\r\n', '2:1', /tab/],
    ['a second document', 'a: 1\n---\nb: 2\n', '2:1', /more than one document/],
    ['a variable in brackets', 'env: {A: ${SECRET}}\n', '1:11', /value that has ended/],
  ])('is told with its place and no word of the file: %s [CFG-10, SUB-8, SEC-1]', (_what, source, place, message) => {
    const [issue] = issuesOf(source);
    expect(`${issue?.line}:${issue?.column}`).toBe(place);
    expect(issue?.message).toMatch(message);
    expect(issue?.message).toMatch(/^Invalid YAML: .*\.$/);
    expect(JSON.stringify(issuesOf(source))).not.toContain('canary-secret');
  });

  it('takes no column for a byte order mark [CFG-10]', () => {
    expect(issuesOf('\uFEFFa: "x\n')).toMatchObject([{ line: 1, column: 4 }]);
    expect(issuesOf('\uFEFFa: ${UNSET}\n')).toMatchObject([{ line: 1, column: 4 }]);
  });

  it('points at the quotes that a comment sign needs [CFG-10]', () => {
    expect(issuesOf('env:\n  A: ${B:-one #two}\n')).toMatchObject([{ line: 2, column: 6, hint: expect.stringContaining('needs quotes') }]);
  });

  const good =
    'name: a\nenv:\n  A: canary-secret\n  B: "canary-secret x"\n  C: \'canary-secret\'\n  D: |\n    canary-secret\n  E: ${SECRET}\nlast: 1\n';
  const spots = Array.from({ length: good.length + 1 }, (_, index) => index).filter(
    (index) => !/canary-secret/.test(good.slice(Math.max(0, index - 12), index + 12)),
  );
  const pieces = fc.constantFrom(...'!&*%@`"\'|>{}[],:#\n\t$}=\\\0'.split(''), ': ', ' #', '- ', '\n  ', '  ', '!!int ', '---\n', '<<: ');
  it('never shows a value, wherever the slip is [SUB-8, SEC-1]', () => {
    fc.assert(
      fc.property(fc.constantFrom(...spots), pieces, fc.boolean(), (index, piece, cuts) => {
        const source = good.slice(0, index) + (cuts ? '' : piece) + good.slice(cuts ? index + 1 : index);
        expect(JSON.stringify(issuesOf(source))).not.toContain('canary-secret');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a fault inside a value', () => {
  it('shows no piece of a password that holds an opening brace [SEC-1, SUB-8]', () => {
    expect(JSON.stringify(issuesOf('env:\n  A: "p${canary!x"\n'))).not.toContain('canary');
  });

  it('shows no value that stands in a key by mistake [SEC-1, SUB-8]', () => {
    const issues = issuesOf('env: {TOKEN=canary-secret, TOKEN=canary-secret}\n');
    expect(issues).toMatchObject([{ path: 'env["TOKEN=…"]', line: 1, column: 28 }]);
  });

  it('is short and obeys no terminal, whatever the file holds [CFG-10]', () => {
    const long = 'N'.repeat(100_000);
    const issues = issuesOf(`a: \${${long}}\n? ${long}\n: \${B}\nc: "\${C:?\\e[2J${long}}"\n`);
    expect(issues).toHaveLength(3);
    for (const issue of issues) expect(JSON.stringify(issue).length).toBeLessThan(600);
    expect(issues.map(({ message }) => message).join('')).not.toContain('\u001b');
  });
});
