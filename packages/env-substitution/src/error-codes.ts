// Every code this package throws, as data: docs/errors.md is generated from it.
import { errorMaker, type ErrorMaker, type Issue, type RunlayerError } from '@runlayer/errors';

/** The error codes of `@runlayer/env-substitution`. */
export const substitutionErrors = {
  ERR_SUBSTITUTION_FAILED: {
    title: 'Variables cannot be substituted',
    status: 422,
    hint: 'Set the variables in the environment or in the .env file, or give them a default: ${NAME:-default}.',
  },
  ERR_SUBSTITUTION_TOO_LARGE: {
    title: 'File too large',
    status: 413,
    hint: 'Keep large data out of the file: put it in the image, or in a store that the service reads.',
  },
  ERR_SUBSTITUTION_DOTENV_TOO_LARGE: {
    title: '.env file too large',
    status: 413,
    hint: 'Keep the .env file below 1 MiB, and check for variables that repeat each other.',
  },
} as const;

/** Makes the errors of {@link substitutionErrors}. */
export const substitutionFailure: ErrorMaker<typeof substitutionErrors> = errorMaker(substitutionErrors);

/**
 * The issues of {@link substituteYaml} as one error, for a caller that has nothing to do with a faulty file but stop.
 * Its code is `ERR_SUBSTITUTION_FAILED`, its message holds every issue's message.
 */
export function substitutionError(issues: readonly Issue[]): RunlayerError {
  const message = issues.length === 1 ? (issues[0]?.message ?? '') : issues.map((issue) => `- ${issue.message}`).join('\n');
  return substitutionFailure('ERR_SUBSTITUTION_FAILED', message, { issues });
}
