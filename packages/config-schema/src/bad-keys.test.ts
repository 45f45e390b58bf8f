import { describe, expect, it } from 'vitest';
import { formatConfigIssues } from './format-issues.ts';
import { parseConfig } from './parse-config.ts';
import { goodFile, withLine, withSection } from './testing/good-file.ts';
import { issueAt, refuses } from './testing/refuses.ts';
import type { Row } from './testing/refuses.ts';

const uuid = '9b2f0c1e-5a64-4c7e-9d1b-3f8f6a2d7e10';

describe('keys', () => {
  refuses('refuses $what [CFG-1, CFG-10]', [
    ['an unknown key at the top', `${goodFile}helthcheck: x\n`, '21:1', 'helthcheck', /Unsupported key "helthcheck"/],
    ['a key that differs in case', withLine('runtime', 'Runtime: docker'), '4:1', 'Runtime', /Unsupported key/, 'runtime'],
    ['a misspelled section', withSection('service', 'servise:\n  port: 1\n'), '9:1', 'servise', /Unsupported key/, 'service'],
    ['a misspelled key', withLine('memory', '  memroy: 512'), '16:3', 'infrastructure.memroy', /in `infrastructure`/, 'memory'],
    ['camel case', withLine('memory', '  memory: 512', '  enableDb: true'), '17:3', 'infrastructure.enableDb', /Unsupported/, 'enable_db'],
    ['a key of another section', withLine('runtime', 'port: 80'), '4:1', 'port', /Unsupported key "port"/],
    ['a key with a newline', `${goodFile}"a\\nb": 1\n`, '21:1', '["a↵b"]', /Unsupported key "a↵b"/],
    ['a key that is a number', `${goodFile}1: x\n`, '21:1', '', /key must be a text/],
    ['a key that is a list', `${goodFile}? [a]\n: x\n`, '21:3', '', /key must be a text/],
    ['a key that is nothing', `${goodFile}: x\n`, '21:1', '', /key must be a text/],
    [
      'an unknown key of scaling',
      withLine('memory', '  memory: 512', '  scaling: {max: 2}'),
      '17:13',
      'infrastructure.scaling.max',
      /Unsupported/,
    ],
    [
      'an unknown key of aws',
      withLine('memory', '  memory: 512', '  aws: {assume_role: {}}'),
      '17:9',
      'infrastructure.aws.assume_role',
      /Unsupported/,
      'assume_roles',
    ],
    ['a key given twice', `${goodFile}name: other\n`, '21:1', 'name', /given twice/],
    ['a variable given twice', `${goodFile}  PORT: x\n`, '21:3', 'env.PORT', /given twice/],
    ['a merge key without a map', `${goodFile}<<: 5\n`, '21:5', '', /merge key/],
  ]);

  it('names the allowed keys and where a misplaced key belongs [CFG-1]', () => {
    const issue = issueAt(withLine('runtime', 'port: 80'), 'port');
    expect(issue?.expected).toBe('one of id, name, runtime, build, image, service, infrastructure, env');
    expect(issue?.hint).toBe('`port` belongs below `service`.');
    expect(issueAt(withLine('port', '  port: 80', '  env: {}'), 'service.env')?.hint).toBe('`env` belongs at the top of the file.');
    expect(issueAt(withLine('port', '  port: 80', '  platform: x86'), 'service.platform')?.hint).toBe(
      '`platform` belongs below `build` or below `infrastructure`.',
    );
  });
});

describe('the head of the file', () => {
  refuses('refuses $what [CFG-1, CFG-10]', [
    ['a missing name', withLine('name'), '2:1', 'name', /`name` is missing/, 'name: notes'],
    ['an empty name', withLine('name', 'name:'), '3:1', 'name', /`name` is empty/],
    ['a name that is a number', withLine('name', 'name: 0123'), '3:7', 'name', /must be a text/, '"0123"'],
    ['a name with capitals and spaces', withLine('name', 'name: Has Spaces'), '3:7', 'name', /URL-friendly/, 'has-spaces'],
    ['a name with accents', withLine('name', 'name: Übersicht'), '3:7', 'name', /URL-friendly/, 'ubersicht'],
    ['a name of no letter at all', withLine('name', 'name: "!!"'), '3:7', 'name', /URL-friendly/],
    [
      'a name that is too long',
      withLine('name', `name: ${'n'.repeat(64)}`),
      '3:7',
      'name',
      /is 64 characters long; at most 63/,
      'n'.repeat(63),
    ],
    ['an empty name', withLine('name', 'name: ""'), '3:7', 'name', /`name` is empty/],
    ['a name that is a list', withLine('name', 'name: [a]'), '3:7', 'name', /must be a text/],
    ['an id that is no UUID', withLine('id', 'id: my-deployment'), '2:5', 'id', /must be a UUID/],
    ['an id that is a number', withLine('id', 'id: 17'), '2:5', 'id', /must be a text/],
    ...[`" ${uuid}"`, `urn:uuid:${uuid}`, `'{${uuid}}'`, `https://x.y/deploy/${uuid}`, uuid.replaceAll('-', '')].map((id): Row => [
      `the id ${id}`,
      withLine('id', `id: ${id}`),
      '2:5',
      'id',
      /must be a UUID/,
      uuid,
    ]),
    ['two ids', withLine('id', `id: ${uuid} ${uuid}`), '2:5', 'id', /must be a UUID/],
    ['a UUID with a digit too many', withLine('id', 'id: 9b2f0c1e-5a64-4c7e-9d1b-3f8f6a2d7e100'), '2:5', 'id', /must be a UUID/],
    ['another runtime', withLine('runtime', 'runtime: cobol'), '4:10', 'runtime', /`runtime` must be docker/, 'docker'],
    ['an empty runtime', withLine('runtime', 'runtime:'), '4:1', 'runtime', /must be docker/, 'docker'],
    ['a runtime that is an inherited property', withLine('runtime', 'runtime: constructor'), '4:10', 'runtime', /must be docker/, 'docker'],
  ]);
});

describe('the document', () => {
  it.each([
    ['an empty file', '', '1:1', /file is empty/],
    ['a file of comments', '# nothing\n', '1:1', /file is empty/],
    ['a null file', 'null\n', '1:1', /file is empty/],
    ['a list', '- a\n', '1:1', /must be a map/],
    ['a text', 'hello', '1:1', /must be a map/],
    ['an open bracket', 'name: x\nimage: [a\nservice:\n  port: 1\n', '2:8', /bracket is never closed/],
    ['an open quote early in a file', `env:\n  A: "canary-secret\n${goodFile}`, '2:6', /quote is never closed/],
    ['an open quote', `${goodFile}  A: "canary-secret\n`, '21:6', /quote is never closed/],
    ['a tab', 'name: x\nservice:\n\tport: 1\n', '3:1', /tab/],
    ['two values', 'name: a: canary-secret\n', '1:7', /second `: `/],
    ['an unknown tag', 'name: !canary-secret x\n', '1:7', /tag/],
    ['a reserved character', 'name: @canary-secret\n', '1:7', /without quotes/],
    ['an alias of nothing', 'name: *canary-secret\n', '1:7', /no anchor/],
    ['a strange block header', 'name: |canary-secret\n  x\n', '1:8', /Text cannot follow/],
    ['a tag without an end', 'name: !canary-secret! x\n', '1:7', /tag/],
    ['a directive', '%YAML canary-secret\n---\nname: x\n', '1:7', /directive/],
    ['a key without its space', 'name:canary-secret\nservice:\n  port: 1\n', '1:1', /end with a colon/],
    ['an alias of itself', 'a: &a {b: *a}\n', '1:11', /contains it/],
    ['two documents', `${goodFile}---\nname: b\n`, '21:1', /more than one document/],
    ['a wrong escape', 'name: "\\q"\n', '1:8', /backslash/],
  ])('refuses %s with its place and no word of a value [CFG-10, SUB-8]', (_what, source, place, message) => {
    const { config, issues } = parseConfig(source);
    expect(config).toBeUndefined();
    expect(issues.map((issue) => `${issue.line}:${issue.column} ${issue.message}`).join('\n')).toMatch(
      new RegExp(`(^|\\n)${place} .*${message.source}`),
    );
    expect(formatConfigIssues(issues)).not.toContain('canary-secret');
  });
});
