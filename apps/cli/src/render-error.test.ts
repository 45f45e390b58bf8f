import { RunlayerError } from '@runlayer/errors';
import { expect, it } from 'vitest';
import { cliError } from './error-codes.ts';
import { errorRecord, errorText } from './render-error.ts';

const issues = [
  { path: 'service.port', line: 4, column: 9, message: 'Must be a whole number.', found: '"many"', expected: '1 to 65535' },
  { path: '', message: 'The file is empty.' },
];

it('shows message, every issue with its place, hint and link', () => {
  const error = cliError('ERR_CLI_CONFIG_INVALID', 'runlayer.yaml has 2 faults.', { issues, data: { file: 'runlayer.yaml' } });
  expect(errorText(error, { debug: false })).toBe(
    [
      'error: runlayer.yaml has 2 faults.',
      'runlayer.yaml:4:9: service.port: Must be a whole number.',
      '    found: "many"',
      '    expected: 1 to 65535',
      'runlayer.yaml: The file is empty.',
      '  hint: Correct every place listed, then try again.',
      '  more: https://docs.runlayer.com/deploy/errors#err_cli_config_invalid',
    ].join('\n'),
  );
});

it('does not repeat issues that the message already holds', () => {
  const error = new RunlayerError('ERR_CONFIG_INVALID', 't', 422, 'service.port: Must be a whole number.', { issues: issues.slice(0, 1) });
  expect(errorText(error, { debug: false }).match(/Must be a whole number/g)).toHaveLength(1);
});

it('shows a stack only with --debug, the causes too', () => {
  const error = cliError('ERR_CLI_USAGE', 'Wrong.', { cause: new Error('deeper') });
  expect(errorText(error, { debug: false })).not.toMatch(/\n\s+at /);
  expect(errorText(error, { debug: true })).toMatch(/\n\s+at [\s\S]*caused by: Error: deeper/);
});

it('says where the key comes from when a server refuses it', () => {
  const error = new RunlayerError('ERR_UNAUTHENTICATED', 't', 401, 'Unknown key.', { hint: 'Send the header.', data: { request: {} } });
  expect(errorText(error, { debug: false })).toContain('RUNLAYER_API_KEY');
  expect(errorRecord(error).hint).toContain('RUNLAYER_API_KEY');
});

it('shows what is no error of ours without its stack, as plain data too', () => {
  expect(errorText(new TypeError('x is undefined'), { debug: false })).toMatch(/^error: x is undefined\n {2}hint: .*--debug/);
  expect(errorRecord('thrown text')).toEqual({ code: 'ERR_INTERNAL', message: 'thrown text' });
});
