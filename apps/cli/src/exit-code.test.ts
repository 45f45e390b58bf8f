import { RunlayerError } from '@runlayer/errors';
import { expect, it } from 'vitest';
import { cliError } from './error-codes.ts';
import { exitCodeOf } from './exit-code.ts';

const made = (code: `ERR_${string}`, status: number): RunlayerError => new RunlayerError(code, 't', status, 'm');

it.each([
  ['an invalid file', cliError('ERR_CLI_CONFIG_INVALID', 'm'), 2],
  ['a file that is too large', made('ERR_SUBSTITUTION_TOO_LARGE', 413), 2],
  ['wrong usage', cliError('ERR_CLI_USAGE', 'm'), 2],
  ['a host without a scheme', made('ERR_HOST_INVALID', 400), 2],
  ['a configuration that the server refuses', made('ERR_CONFIG_INVALID', 422), 2],
  ['an unknown key', made('ERR_UNAUTHENTICATED', 401), 3],
  ['a key that may not', made('ERR_FORBIDDEN', 403), 3],
  ['a registry that denies', made('ERR_REGISTRY_DENIED', 403), 3],
  ['a release that failed', cliError('ERR_CLI_RELEASE_FAILED', 'm'), 1],
  ['a Dockerfile that does not build', made('ERR_BUILD_STEP_FAILED', 422), 1],
  ['an unknown deployment', made('ERR_DEPLOYMENT_NOT_FOUND', 404), 1],
  ['a server that is away', made('ERR_SERVER_UNREACHABLE', 503), 1],
  ['a deadline', cliError('ERR_CLI_UNFINISHED', 'm'), 75],
  ['Ctrl-C while following', cliError('ERR_CLI_INTERRUPTED', 'm'), 130],
  ['Ctrl-C while building', made('ERR_IMAGE_CANCELLED', 499), 130],
  ['a fault of the command', new TypeError('x is undefined'), 1],
  ['anything thrown', undefined, 1],
])('%s ends with its exit code [CLI-3]', (_what, error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});
