import fc from 'fast-check';
import { LineCounter, parseDocument } from 'yaml';
import { describe, expect, it } from 'vitest';
import { parseConfig, readConfig } from './parse-config.ts';
import { goodFile, withLine, withSection } from './testing/good-file.ts';

const minimal = 'name: notes\nservice:\n  port: 8000\n';
const config = (source: string): NonNullable<ReturnType<typeof parseConfig>['config']> => readConfig(source);

describe('a valid file', () => {
  it('reads whole [CFG-1, CFG-2, CFG-3, CFG-8]', () => {
    expect(parseConfig(goodFile)).toEqual({
      config: {
        id: '9b2f0c1e-5a64-4c7e-9d1b-3f8f6a2d7e10',
        name: 'notes',
        runtime: 'docker',
        mode: 'build',
        build: { dockerfile: 'Dockerfile', context: '.', platform: 'x86', platformStated: true, args: {} },
        service: { port: 8000, path: '/mcp', expose: ['/token'] },
        infrastructure: { cpu: 256, memory: 512, platformStated: false, enableDb: false, assumeRoles: {} },
        env: { PORT: '8000', API_TOKEN: 'canary-secret', CALLBACK: '$$DEPLOYMENT_URL/cb' },
      },
      issues: [],
      warnings: [],
    });
  });

  it('needs a name and a port, and has a default for all else [CFG-2, CFG-4, CFG-6]', () => {
    expect(config(minimal)).toEqual({
      name: 'notes',
      runtime: 'docker',
      mode: 'build',
      build: { dockerfile: 'Dockerfile', context: '.', platformStated: false, args: {} },
      service: { port: 8000, expose: [] },
      infrastructure: { cpu: 256, memory: 512, platformStated: false, enableDb: false, assumeRoles: {} },
      env: {},
    });
  });

  it('selects image mode by its image alone [CFG-2]', () => {
    expect(config(`${minimal}image: ghcr.io/acme/notes:1.2\n`)).toMatchObject({ mode: 'image', image: 'ghcr.io/acme/notes:1.2' });
    expect(config(`${minimal}image: a\n`)).not.toHaveProperty('build');
  });

  it.each([
    'notes',
    'notes:1',
    'localhost:5000/notes',
    '127.0.0.1:5000/a/b:v1',
    `a/b@sha256:${'0'.repeat(64)}`,
    `r.io/a_b/c--d:x@sha256:${'f'.repeat(64)}`,
    '[::1]:5000/a',
  ])('takes the image %s [CFG-2]', (image) => {
    expect(config(`${minimal}image: '${image}'\n`).image).toBe(image);
  });

  it.each([
    'id:\n',
    'id: null\n',
    'env:\n',
    'infrastructure:\n',
    'infrastructure: {aws: , scaling: }\n',
    'infrastructure: {aws: {assume_roles: }}\n',
  ])('takes %j, whose keys are all commented out, as left out [CFG-1]', (line) => {
    expect(config(minimal + line)).toEqual(config(minimal));
  });

  it('takes an empty list of routes and an empty path as left out [CFG-3]', () => {
    expect(config(`${minimal}  expose:\n  path:\n`).service).toEqual({ port: 8000, expose: [] });
  });

  it.each([
    '/a',
    '/a/',
    '/a/*',
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-protected-resource/*',
    '/a.b-c_d~e',
    '/oauth/token',
    '/mcps',
    '/mcp-info/*',
  ])('takes the route %s [CFG-3]', (route) => {
    expect(config(goodFile.replace('/token', route)).service.expose).toEqual([route]);
  });

  it.each(['/open', '/health', '/oauthx', '/.well-known/assetlinks.json'])(
    'warns of the route %s, which is none of OAuth [CFG-3]',
    (route) => {
      const { issues, warnings } = parseConfig(goodFile.replace('/token', route));
      expect(issues).toEqual([]);
      expect(warnings).toMatchObject([{ path: 'service.expose[0]', line: 13, column: 7, found: `"${route}"` }]);
    },
  );

  it('reads the database, the roles and the scaling [CFG-6, CFG-7, CFG-9]', () => {
    const role = 'arn:aws-us-gov:iam::123456789012:role/team/a+b=c,d.e@f_g-h';
    const text = `infrastructure:\n  enable_db: true\n  aws: {assume_roles: {data: "${role}"}}\n  scaling: {max_replicas: 4, target_cpu_percent: 70, target_network_mib_per_second: 1.5}\n`;
    expect(config(minimal + text).infrastructure).toMatchObject({
      enableDb: true,
      assumeRoles: { data: role },
      scaling: { minReplicas: 1, maxReplicas: 4, targetCpuPercent: 70, targetNetworkMibPerSecond: 1.5 },
    });
  });

  it.each([
    ['{min_replicas: 3}', { minReplicas: 3, maxReplicas: 3 }],
    ['{max_replicas: 3}', { minReplicas: 1, maxReplicas: 3 }],
    ['{target_cpu_percent: 50}', { minReplicas: 1, maxReplicas: 1, targetCpuPercent: 50 }],
    ['{}', undefined],
  ])('fills scaling %s up [CFG-9]', (scaling, expected) => {
    expect(config(`${minimal}infrastructure: {scaling: ${scaling}}\n`).infrastructure.scaling).toEqual(expected);
  });

  it('counts the characters of a value as people do, and takes 2,000 of them [CFG-8]', () => {
    const value = '🦊'.repeat(2000);
    expect(config(`${minimal}env: {A: "${value}", B: ""}\n`).env).toEqual({ A: value, B: '' });
  });

  it('keeps every text of env as it stands, whatever YAML 1.1 made of it [CFG-8]', () => {
    const text = 'env:\n  A: yes\n  B: 12:30:45\n  C: 2001-12-14\n  D: 0o_7x\n  E: "1e3"\n  F: |\n    two\n    lines\n';
    expect(config(minimal + text).env).toEqual({ A: 'yes', B: '12:30:45', C: '2001-12-14', D: '0o_7x', E: '1e3', F: 'two\nlines\n' });
  });

  it('keeps a variable that is named like a part of every object [CFG-8]', () => {
    const { env } = config(`${minimal}env: {__proto__: a, constructor: b, toString: c}\n`);
    expect(Object.entries(env)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['toString', 'c'],
    ]);
  });

  it('follows anchors, aliases and merge keys, the nearest value winning [CFG-1]', () => {
    const text = `${minimal}build:\n  args: &args {A: a, B: b}\nenv:\n  <<: [{C: c, B: first}, *args]\n  A: own\n  D: &d d\n  E: *d\n`;
    expect(config(text).env).toEqual({ A: 'own', D: 'd', E: 'd', C: 'c', B: 'first' });
  });

  it('reads line ends of Windows, a byte order mark and a document marker [CFG-1]', () => {
    expect(config(`\uFEFF---\r\n${goodFile.replaceAll('\n', '\r\n')}...\r\n`)).toEqual(config(goodFile));
  });

  it('reads a document that someone else parsed, with or without its lines [CFG-10]', () => {
    const lineCounter = new LineCounter();
    const document = parseDocument(withLine('port', '  port: 0'), { lineCounter, merge: true });
    expect(parseConfig({ document, lineCounter }).issues).toMatchObject([{ path: 'service.port', line: 10, column: 9 }]);
    expect(parseConfig({ document }).issues).toEqual([expect.not.objectContaining({ line: expect.anything() })]);
  });
});

describe('an env value without quotes', () => {
  it.each([
    '8000',
    'false',
    'True',
    '1.10',
    '0x1F',
    '0o17',
    '017',
    '+5',
    '-0',
    '.5',
    '5.',
    '1e3',
    '1e400',
    '.nan',
    '-.INF',
    '12345678901234567890123',
  ])('%s is taken as it is written, with a warning that does not show it [CFG-8, SUB-8]', (value) => {
    const { config: read, warnings } = parseConfig(`${minimal}env:\n  A: ${value} # comment\n`);
    expect(read?.env).toEqual({ A: value });
    expect(warnings).toMatchObject([{ path: 'env.A', line: 5, column: 6, hint: 'Put the value in quotes.' }]);
    expect(warnings[0]).not.toHaveProperty('found');
    expect(warnings[0]?.message).toMatch(
      /^`A` reads as (a number|true or false) without quotes; it is taken as the text that stands there\.$/,
    );
  });

  it.each(['yes', '2024-01-01', '12:30:45', '1_000', '0b11', '1,000', 'p$$w', '$', '='])('%s is a text like any other [CFG-8]', (value) => {
    expect(parseConfig(`${minimal}env:\n  A: ${value}\n`)).toMatchObject({ config: { env: { A: value } }, warnings: [] });
  });

  it.each(['yes', '012', '1:30', '2001-12-14', '0b11', '1_000'])('%s stays as it is written in a file of YAML 1.1 [CFG-8]', (value) => {
    expect(parseConfig(`%YAML 1.1\n---\n${minimal}env:\n  A: ${value}\n`)).toMatchObject({ config: { env: { A: value } } });
  });

  it('is taken as it is written through an anchor too [CFG-8]', () => {
    const text = 'name: notes\nservice:\n  port: &port 0x1F40\nenv:\n  PORT: *port\n';
    expect(parseConfig(text)).toMatchObject({ config: { service: { port: 8000 }, env: { PORT: '0x1F40' } } });
  });

  it('is refused with the fix where it is nothing, a list or a map [CFG-8, CFG-10]', () => {
    const { issues } = parseConfig(`${minimal}env:\n  A:\n  B: ~\n  C: [a]\n  D: {"a": 1}\n`);
    expect(issues.map(({ path, found, hint }) => [path, found, hint])).toEqual([
      ['env.A', 'nothing', "Give it a value ('' for an empty text), or remove the line."],
      ['env.B', 'nothing', "Give it a value ('' for an empty text), or remove the line. Without quotes, `~` and `null` mean nothing."],
      ['env.C', 'a list', 'Put all of it in single quotes, or below `|` where it has several lines.'],
      ['env.D', 'a map', 'Put all of it in single quotes, or below `|` where it has several lines.'],
    ]);
  });
});

describe('a file with many faults', () => {
  it('gets all of them at once, in the order of the file [CFG-10]', () => {
    const source = withSection('env', 'env: [a]\nimage: x\nfoo: 1\n')
      .replace('port: 8000', 'port: 0')
      .replace('cpu: 256', 'cpu: 1000')
      .replace('name: notes', 'name: A');
    expect(parseConfig(source).issues.map(({ path }) => path)).toEqual([
      'name',
      'service.port',
      'infrastructure.cpu',
      'env',
      'image',
      'foo',
    ]);
  });

  it('gets 200 of them and the number of the rest [CFG-10]', () => {
    const source = minimal + Array.from({ length: 1000 }, (_, index) => `unknown${index}: 1\n`).join('');
    const { issues } = parseConfig(source);
    expect(issues).toHaveLength(201);
    expect(issues.at(-1)?.message).toBe('And 800 more.');
  });

  it('is thrown as one error with every issue [CFG-10]', () => {
    expect(() => readConfig(withLine('port', '  port: 0'), { file: 'runlayer.yaml' })).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG_INVALID',
        status: 422,
        message: expect.stringMatching(/^runlayer.yaml:10:9 service.port: /),
        issues: [expect.objectContaining({ path: 'service.port' })],
      }),
    );
  });
});

describe('any text at all', () => {
  const pieces = fc.constantFrom(
    ...'abc:-?[]{},\'"|>&*!%#@`~ \n\t\r\0\uFEFF'.split(''),
    ': ',
    '- ',
    'name: ',
    'env:\n  ',
    'service:',
    '<<: ',
    '&a ',
    '*a',
    '${A}',
    '---\n',
    '...\n',
    '!!map ',
    '? ',
  );
  it('never makes the parser throw [CFG-10]', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces, { maxLength: 60 }).map((list) => list.join('')),
        ),
        (source) => {
          const { config: read, issues } = parseConfig(source);
          expect(read === undefined).toBe(issues.length > 0);
          for (const issue of issues)
            expect(issue).toMatchObject({ line: expect.any(Number), column: expect.any(Number), message: expect.stringMatching(/\.$/) });
        },
      ),
      { numRuns: 1000 },
    );
  });

  const keys = fc.constantFrom(
    'id',
    'name',
    'runtime',
    'build',
    'image',
    'service',
    'infrastructure',
    'env',
    'port',
    'path',
    'expose',
    'cpu',
    'memory',
    'platform',
    'aws',
    'assume_roles',
    'args',
    'scaling',
    'target',
    '__proto__',
  );
  const tree = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, 256, 512, 8000, 1.5, '', 'x86', 'docker', '/mcp', '${A}', '$$DEPLOYMENT_URL', 'notes'),
      fc.string(),
      tie('map'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
    map: fc.dictionary(keys, tie('value'), { maxKeys: 8 }),
  }));
  it('never makes the parser throw when it is a tree of known keys [CFG-10]', () => {
    fc.assert(
      fc.property(tree.map, (value) => {
        const { config: read, issues } = parseConfig(JSON.stringify(value));
        expect(read === undefined).toBe(issues.length > 0);
      }),
      { numRuns: 1000 },
    );
  });
});
