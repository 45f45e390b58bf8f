// The arguments of `aws refresh`, and what it says, right and wrong.
import type { FoundDeployment } from '@runlayer/aws-provisioner';
import { expect, it } from 'vitest';
import type { Terminal } from '../command/terminal.ts';
import { parseRefresh, refreshHelp } from './parse-refresh.ts';
import { runRefresh } from './run-refresh.ts';
import { countText, lineOf, refreshed, type RefreshResult } from './tell-refresh.ts';

it.each([
  ['', { do: 'refresh', plan: false, json: false, configFile: undefined }],
  ['--plan --json -c f', { do: 'refresh', plan: true, json: true, configFile: 'f' }],
  ['--plan --help', { do: 'help' }],
])('reads aws refresh %s', (line, command) => {
  expect(parseRefresh(line.split(' ').filter((word) => word !== ''))).toEqual(command);
});

it.each([
  ['--now', /Unknown option '--now'/],
  ['x', /Unexpected argument 'x'/],
])('refuses aws refresh %s', (line, message) => {
  expect(() => parseRefresh([line])).toThrow(expect.objectContaining({ code: 'ERR_AWS_USAGE', message: expect.stringMatching(message) }));
});

const deploymentId = '6bb33f4a-3eea-4b5c-aa2b-b027daac437c';
const spec = {
  deploymentId,
  releaseId: '0b1c2d3e-3eea-4b5c-aa2b-b027daac437c',
  name: 'notes',
  image: 'r/notes@sha256:1',
  port: 8000,
  cpu: 256,
  memoryMiB: 512,
  env: {},
  secrets: { TOKEN: 'a-secret-value' },
  database: false,
  assumeRoles: {},
};
const found: FoundDeployment = { deploymentId, spec, state: 'serving', outputs: {}, parts: [], isForeign: false, lacksValues: false };
const { spec: _spec, ...bare } = found;

it.each<[FoundDeployment, RefreshResult, string]>([
  [found, 'restored', `restored    ${deploymentId}  notes                 serving\n`],
  [found, 'planned', `to restore  ${deploymentId}  notes                 serving\n`],
  [
    { ...found, lacksValues: true },
    'restored',
    'The values of its variables are gone; deploy it from its file before its tasks restart.\n',
  ],
  [
    { ...bare, state: 'absent' },
    'restored',
    'It was never deployed so far: only its id is known. Deploy it from its file, or destroy it.\n',
  ],
  [{ ...bare, isForeign: true }, 'foreign', "Something with its name carries somebody else's tags; it was left alone.\n"],
  [{ ...bare, state: 'absent' }, 'known', `known       ${deploymentId}  -                     absent\n`],
])('tells what came of a deployment, without its values: %#', (one, result, end) => {
  const entry = refreshed(one, result);
  expect(lineOf(entry).endsWith(end)).toBe(true);
  expect(JSON.stringify(entry)).not.toContain('a-secret-value');
});

it('counts', () => {
  const all = [refreshed(found, 'planned'), refreshed(found, 'known'), refreshed(bare, 'foreign')];
  expect(countText(all, true)).toBe('1 to restore, 1 known before, 1 of somebody else.\n');
  expect(countText(all, false)).toBe('0 restored, 1 known before, 1 of somebody else.\n');
  expect(countText([refreshed(found, 'restored')], false)).toMatch(/^1 restored, .*\nNot in AWS: exposed paths/);
  expect(countText([], false)).toBe('There is no deployment of this environment in AWS.\n');
});

it.each([
  [['--help'], 0, refreshHelp, ''],
  [['--soon'], 2, '', "Unknown option '--soon'"],
])('ends %j with %i', async (args, code, printed, noted) => {
  let [out, notes] = ['', ''];
  const terminal = { print: (text: string) => void (out += text), note: (text: string) => void (notes += text) } as Terminal;
  expect(await runRefresh(args, terminal)).toBe(code);
  expect(out).toBe(printed);
  expect(notes).toContain(noted);
});
