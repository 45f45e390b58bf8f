import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isScalar, parseDocument, visit } from 'yaml';
import { substituteYaml } from './substitute-yaml.ts';
import { variablesFrom, type Environment } from './variables.ts';

const substitute = (source: string, environment: Environment = {}) => substituteYaml(source, variablesFrom(environment));
const parsed = (text: string): unknown => parseDocument(text).toJS();

describe('substituteYaml', () => {
  it('rewrites the scalars that hold variables and keeps every other byte [SUB-6]', () => {
    const source = `# \${COMMENT} stays\nname:   \${NAME} # \${COMMENT}\n\nservice: {port: "\${PORT}",   path: /mcp}\nenv:\n  A: '\${NAME}'\n  # end \${\n`;
    const { text, issues } = substitute(source, { NAME: 'notes', PORT: '8000' });
    expect(issues).toEqual([]);
    expect(text).toBe(
      `# \${COMMENT} stays\nname:   notes # \${COMMENT}\n\nservice: {port: "8000",   path: /mcp}\nenv:\n  A: 'notes'\n  # end \${\n`,
    );
  });

  it.each([
    ['port: ${PORT:-8000}', {}, { port: 8000 }],
    ['port: ${PORT}', { PORT: '0x1F40' }, { port: 8000 }],
    ['port: 80${PORT}', { PORT: '01' }, { port: 8001 }],
    ['port: "${PORT}"', { PORT: '8000' }, { port: '8000' }],
    ["port: '${PORT}'", { PORT: '8000' }, { port: '8000' }],
    ['port: !!str ${PORT}', { PORT: '8000' }, { port: '8000' }],
    ['port: |-\n  ${PORT}', { PORT: '8000' }, { port: '8000' }],
    ['on: ${FLAG}', { FLAG: 'true' }, { on: true }],
    ['on: ${FLAG}', { FLAG: 'yes' }, { on: 'yes' }],
    ['image: ${IMAGE:-}', {}, { image: null }],
    ['image: [${A}, "${A:-}"]'.replace('${A}', '"${A:-}"'), {}, { image: ['', ''] }],
    ['x: ${X}', { X: 'a: b # c' }, { x: 'a: b # c' }],
    ['x: ${X}', { X: '[1, 2]' }, { x: '[1, 2]' }],
    ['x: ${X}', { X: '*alias' }, { x: '*alias' }],
    ['x: ${X}', { X: '1.5' }, { x: 1.5 }],
    ['x: ${X}', { X: ' 8000' }, { x: ' 8000' }],
  ])('types %j with %j as %j [SUB-6]', (source, environment, value) => {
    const { text, document, issues } = substitute(source, environment);
    expect(issues).toEqual([]);
    expect(document.toJS()).toEqual(value);
    expect(parsed(text)).toEqual(value);
  });

  it.each([
    '8000',
    'true',
    'null',
    '~',
    '',
    '1e3',
    '.inf',
    '0o17',
    'yes',
    'off',
    '2024-01-01',
    '1:20',
    '=',
    '<<',
    '---',
    '-',
    '#x',
    '&a',
    '!x',
    '@x',
    '%x',
    'a\rb',
    '\u2028',
  ])('keeps %j as text in env and build.args [SUB-6]', (value) => {
    const source = 'build:\n  args:\n    A: ${V}\nenv:\n  A: ${V}\n  B: "${V}"\n  C: x${V}\n  D: [${V}]\n'.replace('[${V}]', "['${V}']");
    const { text, document, issues } = substitute(source, { V: value });
    expect(issues).toEqual([]);
    const expected = { build: { args: { A: value } }, env: { A: value, B: value, C: `x${value}`, D: [value] } };
    expect(document.toJS()).toEqual(expected);
    expect(parsed(text)).toEqual(expected);
    expect(parseDocument(text, { version: '1.1' }).toJS()).toEqual(expected);
  });

  it('keeps block scalars as blocks, with their header and its comment [SUB-6]', () => {
    const source = 'env:\n  A: | # key\n    one ${X}\n      two\n\n  B: >-\n    a\n    ${X}\n  C: |+\n    ${X}\n\n\nname: ${X}\n';
    expect(substitute(source, { X: 'x' }).text).toBe(
      'env:\n  A: | # key\n    one x\n      two\n\n  B: |-\n    a x\n  C: |+\n    x\n\n\nname: x\n',
    );
    expect(substitute('A: |- # key\n  ${X}\nB: 1\n', { X: '\n lost ' }).text).toBe('A: "\\n lost " # key\nB: 1\n');
  });

  it('substitutes an anchored value once, for all its aliases', () => {
    const { text, document } = substitute('a: &x ${A}\nb: *x\nc: &y [${B:-1}]\nd: *y\n'.replace('[${B:-1}]', '["${B:-1}"]'), { A: '5' });
    expect(text).toBe('a: &x 5\nb: *x\nc: &y ["1"]\nd: *y\n');
    expect(document.toJS()).toEqual({ a: 5, b: 5, c: ['1'], d: ['1'] });
  });

  it('lists every fault at its place in the source [SUB-1, SUB-7]', () => {
    const source =
      'name: ${NAME}\nenv:\n  A: "x\\ty ${ONE}\n\n    ${}"\n  B: |\n    line\n    ${TWO:?say} ${ONE}\n  ${KEY}: 1\nlist:\n  - a\n  - ${THREE\n';
    expect(substitute(source).issues).toEqual([
      { path: 'name', message: "Required environment variable 'NAME' is not set.", line: 1, column: 7 },
      { path: 'env.A', message: "Required environment variable 'ONE' is not set.", line: 3, column: 12 },
      { path: 'env.A', message: expect.stringContaining('must be followed by a variable name'), line: 5, column: 5 },
      { path: 'env.B', message: "Required environment variable 'TWO' is not set: say", line: 8, column: 5 },
      { path: 'env["${KEY}"]', message: 'Variables are not replaced in keys.', line: 9, column: 3 },
      { path: 'list[1]', message: "'${' is never closed with '}'.", line: 12, column: 5, hint: expect.stringContaining('quotes') },
    ]);
  });

  it('leaves the source alone when anything is wrong with it [SUB-1]', () => {
    const source = 'a: ${A}\nb: ${B}\n';
    expect(substitute(source, { A: '1' })).toMatchObject({ text: source, issues: [{ path: 'b' }] });
  });

  it('keeps places of the original source after substitution [SUB-6]', () => {
    const { document, lineCounter } = substitute('env:\n  A: "${A}"\nname: x\n', { A: 'a much longer\nvalue' });
    const name = document.get('name', true);
    expect(isScalar(name) && lineCounter.linePos(name.range?.[0] ?? 0)).toEqual({ line: 3, col: 7 });
  });

  it('keeps $$ in keys and values [SUB-4]', () => {
    const source = 'env:\n  A: $$DEPLOYMENT_URL/x\n  $${B}: $${C} $D\n';
    expect(substitute(source)).toMatchObject({ text: source, issues: [] });
  });

  it.each([
    ['an unclosed quote', 'a: "x', 1],
    ['a tab as indentation', 'a:\n\tb: 1', 2],
    ['a key given twice', 'a: 1\nb: 2\na: 3', 3],
    ['a second document', 'a: 1\n---\nb: 2', 2],
    ['a variable bare in braces', 'a: {b: ${C}}', 1],
  ])('reports %s with its line', (_name, source, line) => {
    expect(substitute(source, { C: 'c' }).issues).toMatchObject([{ line }]);
  });

  it('never quotes the file in a message about its syntax [SEC-1, SUB-8]', () => {
    const faulty = [
      'env:\n  A: "hunter2" hunter2',
      'A: |hunter2\n x',
      'A: "\\xhunter2"',
      'A: @hunter2',
      'A: [hunter2',
      '? hunter2\nhunter2',
      'A: 1\n hunter2: x',
      '}hunter2',
    ];
    for (const source of faulty) {
      const { issues } = substitute(source);
      expect(issues.length).toBeGreaterThan(0);
      expect(JSON.stringify(issues)).not.toContain('hunter2');
    }
  });

  it('never shows the value of a variable in an issue [SEC-1, SUB-8]', () => {
    const { issues } = substitute('env:\n  A: ${SECRET}${UNSET}${SECRET:?m}\n  ${SECRET}: x\n', { SECRET: 'hunter2' });
    expect(issues).toHaveLength(2);
    expect(JSON.stringify(issues)).not.toContain('hunter2');
  });

  it('refuses what is too large, too deep or explodes', () => {
    const bomb = Array.from({ length: 9 }, (_, level) => `k${level + 1}: &a${level + 1} [${Array(10).fill(`*a${level}`).join()}]`).join(
      '\n',
    );
    expect(() => substitute(`a: ${'x'.repeat(5 * 1024 * 1024)}`)).toThrow(expect.objectContaining({ code: 'ERR_SUBSTITUTION_TOO_LARGE' }));
    expect(substitute('['.repeat(100_000)).issues).toMatchObject([{ message: 'Collections are nested more than 100 deep.', line: 1 }]);
    expect(substitute('- '.repeat(100_000)).issues).toMatchObject([{ message: 'Collections are nested more than 100 deep.' }]);
    expect(substitute(`k0: &a0 [x]\n${bomb}\n`).issues).toMatchObject([{ message: expect.stringContaining('aliases') }]);
    expect(substitute('- ${BIG}\n'.repeat(1000), { BIG: 'x'.repeat(100_000) }).issues).toMatchObject([
      { message: expect.stringContaining('come to more than') },
    ]);
    expect(substitute('- ${Q}\n'.repeat(10_000), { Q: '\u0001'.repeat(200) }).issues).toMatchObject([
      { message: expect.stringContaining('After substitution') },
    ]);
  });

  it('reports at most a hundred faults, and says that there are more', () => {
    const { issues } = substitute(Array.from({ length: 500 }, (_, index) => `- \${V${index}}`).join('\n'));
    expect(issues).toHaveLength(101);
    expect(issues.at(-1)?.message).toBe('There are more than 100 such faults.');
  });

  it('reports a key that is given very often without end only so often [CFG-10]', () => {
    const { issues } = substitute('a: 1\n'.repeat(60_000));
    expect(issues).toHaveLength(101);
    expect(issues.at(-1)?.message).toBe('There are more than 100 such faults.');
  });

  it('takes several merge keys in one map, as readers that know them do', () => {
    const source = 'a: &a {x: 1}\nb: &b {y: 2}\nc:\n  <<: *a\n  <<: *b\n';
    expect(substitute(source)).toMatchObject({ text: source, issues: [] });
  });

  it.each([
    ['many keys', Array.from({ length: 60_000 }, (_, index) => `k${index}: \${V}`).join('\n')],
    ['openings', `a: "${'${'.repeat(400_000)}"`],
    ['nested openings', `a: "${'${V:-'.repeat(150_000)}"`],
    ['quotes', '"'.repeat(300_000)],
    ['many quotes', '"'.repeat(1_000_000)],
    ['open quotes', 'a: "\n'.repeat(200_000)],
    ['open brackets', 'a: [\n'.repeat(200_000)],
    ['closing brackets', '}{'.repeat(300_000)],
    ['wrong escapes', `a: "${'\\q'.repeat(500_000)}"`],
    ['empty lines', '\n'.repeat(2_000_000)],
    ['directives', '%x\n'.repeat(300_000)],
    ['tags', '- !x y\n'.repeat(150_000)],
  ])('takes linear time on %s', (_name, source) => {
    const before = performance.now();
    substitute(source, { V: 'v' });
    expect(performance.now() - before).toBeLessThan(15_000);
  });
});

describe('any value', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(
        '\n',
        ' ',
        '"',
        "'",
        ': ',
        '#',
        ' #',
        '$',
        '${A}',
        '\\',
        '\t',
        '-',
        '|',
        '\r',
        'x',
        '8',
        'é',
        '\u0085',
        '\u2028',
        '\ufeff',
        '😀',
      ),
    }),
    fc.constantFrom(
      '8000',
      'true',
      'null',
      '',
      '~',
      '---',
      '...',
      '1e5',
      '\n',
      '\n\n',
      ' ',
      'a\n',
      '\na',
      'a\n\n',
      ' a\n',
      'a\n b\n',
      'a \n',
    ),
  );
  const places = [
    'A: ${V}',
    'A: "${V}"',
    "A: 'p${V}s'",
    'A: ${V}${V}',
    'A: |\n    ${V}',
    'A: |-\n    p\n    ${V}',
    'A: |+ # c\n    ${V}\n\n',
    'A: >\n    p ${V}\n    s',
    'A: >-\n\n    ${V}',
    'A: &x ${V}',
    'A: "p\n    q ${V}"',
    'A: [a, "${V}", {b: \'${V}\'}]',
    '? A\n  : ${V}',
    'A: |2\n    ${V}',
  ];
  const around = (place: string, newline: string) =>
    `# top\nname: before # c\nenv:\n  ${place}\n  # between\n  Z: 1 # z\nbuild: {args: {B: "2"}}\n`.replaceAll('\n', newline);

  it('stands in env exactly as it is, and changes no other scalar and no comment [SUB-6]', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(...places), fc.constantFrom('\n', '\r\n'), (text, place, newline) => {
        const source = around(place, newline);
        const expected = expectedValues(source, text);
        const result = substitute(source, { V: text });
        expect(result.issues).toEqual([]);
        expect(result.document.toJS()).toEqual(expected);
        expect(parsed(result.text)).toEqual(expected);
        for (const comment of ['# top', '# c', '# between', '# z']) expect(result.text).toContain(comment);
      }),
      { numRuns: 2000 },
    );
  });

  it('has in the rewritten text the type it has in the document [SUB-6]', () => {
    const outside = fc.constantFrom(
      'a: ${V}',
      'a: x${V}',
      '- ${V}',
      '- - ${V}\n  - b',
      'a:\n  ${V}\nb: 1',
      'a: ${V} # c',
      '{a: "${V}"}',
      'a: |\n  ${V}\nb: 1',
    );
    fc.assert(
      fc.property(value, outside, (text, source) => {
        const result = substitute(source, { V: text });
        expect(result.issues).toEqual([]);
        expect(parsed(result.text)).toEqual(result.document.toJS());
      }),
      { numRuns: 1000 },
    );
  });

  it('that holds no variable leaves any source as it is [SUB-6]', () => {
    const source = fc.string({
      unit: fc.constantFrom('a', ': ', '\n', '- ', ' ', '"', "'", '#', '$', '$$', '{', '}', '[', ']', '|', '&a ', '*a'),
    });
    fc.assert(
      fc.property(
        source.filter((text) => !text.includes('${')),
        (text) => substitute(text).text === text,
      ),
    );
  });

  /** The same text put in by hand: every scalar of the parsed source, with the variable replaced in its value. */
  function expectedValues(source: string, text: string): unknown {
    const document = parseDocument(source);
    visit(document, {
      Scalar: (_key, node) => void (typeof node.value === 'string' && (node.value = node.value.replaceAll('${V}', () => text))),
    });
    return document.toJS();
  }
});
