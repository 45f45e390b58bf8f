import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exportYaml } from './export-yaml.ts';
import { configJsonSchema } from './json-schema.ts';
import { configurationReference } from './reference.ts';
import { parseConfig } from './parse-config.ts';
import { templateYaml } from './template.ts';
import { anyConfig } from './testing/any-config.ts';
import { goodFile, withLine, withSection } from './testing/good-file.ts';

const validate = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(configJsonSchema());

describe('the JSON Schema', () => {
  it('is the file that is published; the script `schema` of the package writes it anew [CFG-10]', async () => {
    const committed = await readFile(new URL('../runlayer.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed)).toEqual(configJsonSchema());
  });

  it('describes every key [CFG-10]', () => {
    const described = (schema: Record<string, unknown>): void => {
      for (const inner of Object.values((schema['properties'] ?? {}) as Record<string, Record<string, unknown>>)) {
        expect(inner['description']).toMatch(/\S/);
        described(inner);
      }
    };
    described(configJsonSchema());
  });

  it.each([
    ['the good file', goodFile],
    ['numbers and booleans in env', `${goodFile}  A: 1.10\n  B: true\n`],
    ['the template', templateYaml({ name: 'notes', platform: 'arm' })],
    [
      'placeholders everywhere',
      'id: ${ID}\nname: ${NAME:-x}\nimage: ${IMAGE}\nservice: {port: "${PORT}", path: "${P}"}\ninfrastructure: {cpu: "${CPU}", memory: "${MEM}", enable_db: "${DB}", platform: "${A}"}\n',
    ],
  ])('accepts %s [CFG-10]', (_what, source) => {
    expect(validate(parse(source)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    ['an unknown key', `${goodFile}foo: 1\n`],
    ['both modes', `${goodFile}image: a\n`],
    ['an empty build', withSection('build', 'build:\n')],
    ['no name', withLine('name')],
    ['a name with capitals', withLine('name', 'name: Notes')],
    ['no port', withLine('port')],
    ['port 0', withLine('port', '  port: 0')],
    ['a port in quotes', withLine('port', '  port: "80"')],
    ['a pair of sizes that is none', withLine('memory', '  memory: 4096')],
    ['a cpu alone', withLine('memory')],
    ['the root as a route', goodFile.replace('/token', '/')],
    ['a relative path', withLine('path', '  path: mcp')],
    ['kubernetes', withLine('memory', '  memory: 512', '  kubernetes: {}')],
    ['an automatic variable', `${goodFile}  DEPLOYMENT_URL: x\n`],
    ['a role variable', `${goodFile}  RUNLAYER_AWS_ROLE_X: x\n`],
    ['nothing in env', `${goodFile}  A:\n`],
    ['a list in env', `${goodFile}  A: [b]\n`],
    ['a list as env', withSection('env', 'env: [a]\n')],
    ['a number as argument', withLine('platform', '  args: {A: 1}')],
    ['a role that is no ARN', withLine('memory', '  memory: 512', '  aws: {assume_roles: {a: b}}')],
  ])('refuses %s, as the parser does [CFG-10]', (_what, source) => {
    expect(validate(parse(source))).toBe(false);
    expect(parseConfig(source).config).toBeUndefined();
  });

  it('accepts every file that the parser accepts [CFG-10]', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        expect(validate(parse(exportYaml(config))), JSON.stringify(validate.errors)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the reference page', () => {
  it('names every key, every size row and every variable of the platform [CFG-1, CFG-4, AUTO-1]', () => {
    const page = configurationReference();
    for (const key of [
      'id',
      'build.args',
      'service.expose',
      'infrastructure.aws.assume_roles',
      'infrastructure.scaling.max_replicas',
      'env',
    ])
      expect(page).toContain(`### \`${key}\``);
    expect(page).toContain('| 4096 (4 vCPU) | 8192, 9216,');
    expect(page).toContain('`RUNLAYER_AWS_ROLE_<NAME>`');
    expect(page.endsWith('```\n')).toBe(true);
  });
});
