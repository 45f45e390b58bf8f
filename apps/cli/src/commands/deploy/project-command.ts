// What the commands of a project share: the configuration file.
import { Option } from 'clipanion';
import { ConnectedCommand } from '../connected-command.ts';

/** A command with `--config`. */
export abstract class ProjectCommand extends ConnectedCommand {
  config = Option.String('-c,--config', 'runlayer.yaml', { description: 'Configuration file (default: runlayer.yaml)' });
}

/** Reads a number of seconds. @throws ERR_CLI_USAGE for anything but a positive number. */
export async function secondsOption(name: string, value: string): Promise<number> {
  const seconds = Number(value);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  const { cliError } = await import('../../error-codes.ts');
  throw cliError('ERR_CLI_USAGE', `${name} ${JSON.stringify(value)} is not a number of seconds.`);
}
