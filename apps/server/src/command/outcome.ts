// How a command ends: the exit code, and what is said when it fails.
import { isRunlayerError, type RunlayerError } from '@runlayer/errors';
import type { Terminal } from './terminal.ts';

/** What the process ends with: the numbers of the `runlayer` command. */
export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3, interrupted: 130 } as const;

/** JSON for people too. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Says what went wrong, as text and where asked for as JSON; gives the exit code. */
export function tellFailure(
  error: unknown,
  json: boolean,
  { print, note }: Pick<Terminal, 'print' | 'note'>,
  exitCodeOf: (error: RunlayerError) => number = plainExitCode,
): number {
  if (!isRunlayerError(error)) {
    note(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.failed;
  }
  const { code, message, hint, docs } = error;
  note([`error: ${message}`, ...(hint === undefined ? [] : [`  hint: ${hint}`]), `  more: ${docs}`, ''].join('\n'));
  if (json) print(jsonText({ error: { code, message, hint, docs } }));
  return exitCodeOf(error);
}

/** The exit code that the status of an error stands for. */
function plainExitCode({ status, code }: RunlayerError): number {
  if (status === 401 || status === 403) return exitCodes.refused;
  return status === 400 || code === 'ERR_SETTINGS' ? exitCodes.usage : exitCodes.failed;
}

/** The same for commands that work on AWS: what AWS refuses is refused, what the settings say wrongly is wrong usage. */
export function awsExitCode(error: RunlayerError): number {
  if (error.code === 'ERR_AWS_CREDENTIALS' || error.code === 'ERR_AWS_DENIED') return exitCodes.refused;
  return error.code === 'ERR_AWS_OPTIONS' || error.code === 'ERR_AWS_ACCOUNT' ? exitCodes.usage : plainExitCode(error);
}
