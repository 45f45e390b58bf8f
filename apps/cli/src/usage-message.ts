// Says what is wrong with a command line, from what the parser throws.
import { withValueSigns } from './helpful-cli.ts';

interface SyntaxFault extends Error {
  readonly candidates?: readonly { readonly usage: string; readonly reason: string | null }[];
}

/** The message for arguments that name no command, ready to print. */
export function usageMessage(error: unknown, args: readonly string[]): string {
  const { candidates = [], message } = error as SyntaxFault;
  const reasons = candidates.flatMap(({ reason }) => reason ?? []);
  const what = reasons.map(plain).find((text) => text !== undefined) ?? notFound(message, args);
  const shown = candidates.length > 2 ? [] : candidates.map(({ usage }) => `  $ ${withValueSigns(usage)}`);
  return [`error: ${what}`, ...shown, `  hint: ${hintFor(args)}`, ''].join('\n');
}

/** The parser's reason in words of a person. */
function plain(reason: string): string | undefined {
  const quoted = /\("(.*)"\)/.exec(reason)?.[1] ?? '';
  if (reason.startsWith('Unsupported option name')) return `Unknown option ${quoted}.`;
  if (reason.startsWith('Extraneous positional argument')) return `Unexpected argument "${quoted}".`;
  const option = /^Not enough arguments to option (.*)\.$/.exec(reason)?.[1];
  return option === undefined ? reason : `The option ${option} needs a value.`;
}

function notFound(message: string, args: readonly string[]): string {
  return message.startsWith('Command not found') ? `Unknown command: ${args.join(' ')}` : (message.split('\n', 1)[0] ?? message);
}

function hintFor([first]: readonly string[]): string {
  return first === 'deploy' ? 'Run `runlayer deploy --help` to see the options.' : 'Run `runlayer --help` to see the commands.';
}
