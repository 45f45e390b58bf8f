// The options of the program.
import { parseArgs } from 'node:util';
import { fail } from './error-codes.ts';
import { settingsHelp } from './settings/reference.ts';

/** What was asked for. */
export type Command =
  | { readonly do: 'serve'; readonly configFile: string | undefined }
  | { readonly do: 'keys'; readonly args: readonly string[] }
  | { readonly do: 'aws'; readonly args: readonly string[] }
  | { readonly do: 'help' }
  | { readonly do: 'version' };

/** Reads the arguments. @throws ERR_SETTINGS for an unknown option or a missing value. */
export function parseCommandLine(args: readonly string[]): Command {
  // What stands after it is read by the command itself, which a start of the server does not load.
  if (args[0] === 'keys' || args[0] === 'aws') return { do: args[0], args: args.slice(1) };
  const values = readOptions(args);
  if (values.help === true) return { do: 'help' };
  if (values.version === true) return { do: 'version' };
  return { do: 'serve', configFile: values.config };
}

const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  config: { type: 'string', short: 'c' },
} as const;

function readOptions(args: readonly string[]): { help?: boolean; version?: boolean; config?: string } {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw fail('ERR_SETTINGS', `${(error as Error).message.replace(/\.$/, '')}.`, { hint: '`runlayer-server --help` lists all options.' });
  }
}

/** The text of `--help`. */
export function helpText(): string {
  return `Runlayer Deploy server: the API, the proxy and the worker that runs deployments on Docker or AWS.

Usage: runlayer-server [--config FILE] [--help] [--version]
       runlayer-server keys list | rotate | revoke    the keys that sign identity tokens; see keys --help
       runlayer-server aws bootstrap | policy | refresh    what deployments on AWS share; see aws --help

  --config FILE   settings as YAML or JSON; environment variables win (also RUNLAYER_CONFIG)

Environment:
${settingsHelp()}
  DOCKER_HOST
      Docker engine that runs deployments.
      Default: the engine's socket.
`;
}
