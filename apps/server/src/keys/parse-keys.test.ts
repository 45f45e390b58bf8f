// The arguments of the commands, right and wrong.
import { expect, it } from 'vitest';
import { keysHelp } from './help.ts';
import { parseKeys } from './parse-keys.ts';

const common = { json: false, configFile: undefined };
const dashed = `-${'x'.repeat(42)}`;

it.each([
  ['', { do: 'help', of: undefined }],
  ['--help', { do: 'help', of: undefined }],
  ['list', { do: 'list', ...common }],
  ['list --json --config f', { do: 'list', json: true, configFile: 'f' }],
  ['list -h', { do: 'help', of: 'list' }],
  ['rotate', { do: 'rotate', ...common, now: false, wait: false }],
  ['rotate --now --wait --json', { do: 'rotate', ...common, json: true, now: true, wait: true }],
  ['revoke abc --yes', { do: 'revoke', ...common, kid: 'abc', yes: true }],
  [`revoke ${dashed}`, { do: 'revoke', ...common, kid: dashed, yes: false }],
  [`revoke --json ${dashed} -c f --yes`, { do: 'revoke', json: true, configFile: 'f', kid: dashed, yes: true }],
  ['revoke --help', { do: 'help', of: 'revoke' }],
])('reads keys %s', (line, command) => {
  expect(parseKeys(line.split(' ').filter((word) => word !== ''))).toEqual(command);
});

it.each([
  ['turn', /There is no command `keys turn`; there are list, rotate and revoke/],
  ['list --now', /Unknown option '--now'/],
  ['list x', /Unexpected argument 'x'/],
  ['rotate x', /Unexpected argument 'x'/],
  ['list --config', /--config/],
  ['revoke', /takes the kid of one key/],
  ['revoke a b', /takes the kid of one key/],
  [`revoke a ${dashed}`, /takes the kid of one key/],
])('refuses keys %s', (line, message) => {
  expect(() => parseKeys(line.split(' '))).toThrow(
    expect.objectContaining({ code: 'ERR_KEYS_USAGE', message: expect.stringMatching(message) }),
  );
});

it.each([undefined, 'list', 'rotate', 'revoke'] as const)('has help with examples, options and exit codes for %s', (verb) => {
  const text = keysHelp(verb);
  for (const part of ['Usage: runlayer-server keys', '--json', 'Exit codes: 0', 'Examples:\n  runlayer-server keys', 'RUNLAYER_API_KEY'])
    expect(text).toContain(part);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130);
});
