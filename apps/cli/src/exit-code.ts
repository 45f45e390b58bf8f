// What the process ends with. Pipelines decide by these numbers: they never change their meaning.

/** Exit codes of every command. */
export const exitCodes = {
  done: 0,
  /** Something failed; the message says what and how to mend it. */
  failed: 1,
  /** Wrong usage, or an invalid file. Nothing was sent that changes anything. */
  usage: 2,
  /** The server refused the key, or what the key may do. */
  refused: 3,
  /** EX_TEMPFAIL: the work goes on, this command stopped watching it. @see https://man.openbsd.org/sysexits.3 */
  unfinished: 75,
  /** 128 + SIGINT. */
  interrupted: 130,
} as const;

const fixed: Readonly<Record<string, number>> = {
  ERR_CLI_UNFINISHED: exitCodes.unfinished,
  ERR_CLI_INTERRUPTED: exitCodes.interrupted,
  ERR_IMAGE_CANCELLED: exitCodes.interrupted,
  ERR_HOST_INVALID: exitCodes.usage,
  ERR_API_KEY_MALFORMED: exitCodes.usage,
  ERR_DEPLOYMENT_NAME_INVALID: exitCodes.usage,
  ERR_DEPLOYMENT_ID_MISMATCH: exitCodes.usage,
  ERR_DEPLOYMENT_UNSUPPORTED: exitCodes.usage,
};

const ofTheFile = /^ERR_(CLI|CONFIG|SUBSTITUTION)_/;

/** The exit code of a failure. Statuses 401 and 403 count whoever made the error: a server or a registry. */
export function exitCodeOf(error: unknown): number {
  const { code, status } = (error ?? {}) as { readonly code?: unknown; readonly status?: unknown };
  if (typeof code !== 'string' || typeof status !== 'number') return exitCodes.failed;
  if (fixed[code] !== undefined) return fixed[code];
  if (status === 401 || status === 403) return exitCodes.refused;
  return ofTheFile.test(code) && [400, 413, 422].includes(status) ? exitCodes.usage : exitCodes.failed;
}
