import { describe } from 'vitest';
import { goodFile, withSection } from './testing/good-file.ts';
import { refuses } from './testing/refuses.ts';
import type { Row } from './testing/refuses.ts';

describe('env', () => {
  const entry = (line: string): string => `${goodFile}  ${line}\n`;
  refuses('refuses $what [CFG-8, CFG-10]', [
    ['a list', withSection('env', 'env: [a, b]\n'), '17:6', 'env', /`env` must be a map/],
    ['a list with dashes', withSection('env', 'env:\n  - A=canary-secret\n'), '18:3', 'env', /`env` must be a map/],
    ['a text', withSection('env', 'env: canary-secret\n'), '17:6', 'env', /must be a map/],
    ['nothing', entry('A:'), '21:3', 'env.A', /`A` is empty/],
    ['null', entry('A: null'), '21:3', 'env.A', /`A` is empty/],
    ['a tilde', entry('A: ~'), '21:3', 'env.A', /`A` is empty/],
    ['a comment in place of a value', entry('A: #canary-secret'), '21:3', 'env.A', /`A` is empty/],
    ['JSON without quotes', entry('A: {"b": "canary-secret"}'), '21:6', 'env.A', /`A` must be a text/],
    ['bytes', entry('A: !!binary Y2FuYXJ5'), '21:15', 'env.A', /`A` must be a text/],
    ['a list of values', entry('A: [canary-secret]'), '21:6', 'env.A', /`A` must be a text/],
    ['a map of values', entry('A: {b: canary-secret}'), '21:6', 'env.A', /`A` must be a text/],
    ['a name with a dash', entry('A-B: canary-secret'), '21:3', 'env.A-B', /"A-B" is not a valid name/, 'A_B'],
    ['a name that begins with a digit', entry('1A: canary-secret'), '21:3', 'env.1A', /not a valid name/],
    ['an empty name', entry('"": canary-secret'), '21:3', 'env[""]', /not a valid name/],
    ['a name with an equals sign', entry('A=B: canary-secret'), '21:3', 'env["A=…"]', /"A=…" is not a valid name/],
    ['a pair that is a key to YAML', withSection('env', 'env: {A=canary-secret, A=canary-secret}\n'), '17:7', 'env["A=…"]', /A=…/],
    ['a name outside ASCII', entry('Ä: canary-secret'), '21:3', 'env["Ä"]', /not a valid name/],
    ['a value with NUL', entry('A: "canary-secret\\0"'), '21:6', 'env.A', /NUL/],
    ['half a character', entry('A: "canary-secret\\ud800"'), '21:6', 'env.A', /half of a character/],
    [
      'a value of 2,001 characters',
      entry(`API: ${'canary-secret'.repeat(154).slice(0, 2001)}`),
      '21:8',
      'env.API',
      /`API` is 2001 characters long; at most 2000/,
    ],
    ['2,001 characters of two units each', entry(`API: ${'🦊'.repeat(2001)}`), '21:8', 'env.API', /2001 characters/],
  ]);
  refuses('refuses to override $what [CFG-8, AUTO-1]', [
    ...['DEPLOYMENT_URL', 'RUNLAYER_URL', 'RUNLAYER_OAUTH_CALLBACK_URL', 'RUNLAYER_DEPLOYMENT_ID', 'RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN'].map(
      overrides,
    ),
    ...['RUNLAYER_AWS_ROLE_DATA', 'RUNLAYER_AWS_ROLE_', 'DB_TABLE_NAME', 'DB_TABLE_REGION'].map(overrides),
  ]);
  function overrides(name: string): Row {
    return [name, entry(`${name}: canary-secret`), '21:3', `env.${name}`, new RegExp(`"${name}" is set by the platform`)];
  }
});
