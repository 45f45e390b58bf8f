// Questions on a terminal. The library is loaded with the first question: most runs ask none.
import { cliError } from './error-codes.ts';

/** Asks for a name until `check` has nothing against it. @throws ERR_CLI_INTERRUPTED on Ctrl-C */
export async function askText(message: string, check: (value: string) => string | undefined): Promise<string> {
  const { text } = await import('@clack/prompts');
  return answered(await text({ message, validate: (value) => check(value ?? '') }));
}

/** Asks for a secret without showing it. @throws ERR_CLI_INTERRUPTED on Ctrl-C */
export async function askSecret(message: string): Promise<string> {
  const { password } = await import('@clack/prompts');
  return answered(await password({ message, validate: (value) => ((value ?? '') === '' ? 'Enter the key.' : undefined) }));
}

/** Asks a question whose answer is no unless a person says yes. @throws ERR_CLI_INTERRUPTED on Ctrl-C */
export async function askYes(message: string): Promise<boolean> {
  const { confirm } = await import('@clack/prompts');
  return answered(await confirm({ message, initialValue: false }));
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (typeof answer === 'symbol') throw cliError('ERR_CLI_INTERRUPTED', 'Cancelled: nothing was done.');
  return answer as Exclude<T, symbol>;
}
