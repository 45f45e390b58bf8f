// The rule for names of deployments, checked before anything is asked of a server.
import { cliError } from '../error-codes.ts';

/** What is wrong with a name, if anything. */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'The name is empty.';
  if (!/^[a-z0-9_-]+$/.test(name)) return `${JSON.stringify(name.slice(0, 80))} holds something else than a-z, 0-9, - and _.`;
  return name.length > 63 ? `The name has ${name.length} characters; 63 is the most.` : undefined;
}

/** @throws ERR_CLI_NAME_INVALID */
export function checkName(name: string): string {
  const fault = nameFault(name);
  if (fault !== undefined) throw cliError('ERR_CLI_NAME_INVALID', fault);
  return name;
}
