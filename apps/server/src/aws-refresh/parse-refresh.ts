// The arguments of `runlayer-server aws refresh`.
import { parseArgs } from 'node:util';
import { fail } from '../error-codes.ts';

/** What was asked for. */
export type RefreshCommand =
  | { readonly do: 'help' }
  | {
      readonly do: 'refresh';
      /** Shows what would be restored, and writes nothing. */
      readonly plan: boolean;
      /** One JSON value on standard output instead of text. */
      readonly json: boolean;
      readonly configFile: string | undefined;
    };

const options = {
  help: { type: 'boolean', short: 'h' },
  config: { type: 'string', short: 'c' },
  plan: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** Reads what stands after `aws refresh`. @throws ERR_AWS_USAGE */
export function parseRefresh(args: readonly string[]): RefreshCommand {
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help === true) return { do: 'help' };
    return { do: 'refresh', plan: values.plan === true, json: values.json === true, configFile: values.config };
  } catch (error) {
    const message = (error as Error).message.split('. ')[0]?.replace(/\.$/, '') ?? '';
    throw fail('ERR_AWS_USAGE', `${message}.`, { hint: '`runlayer-server aws refresh --help` lists all options.' });
  }
}

/** The text of `--help`. */
export const refreshHelp = `Writes the records of deployments that are in AWS and not in the database: for when the database is lost. They are found by names
and tags alone. Each gets back its id, its server id, its file, the values of its variables and the release that runs, so that
status, calls, logs, pull, deploy and destroy work. Nothing in AWS is changed, and no record that is there. Safe to repeat.

Usage: runlayer-server aws refresh [--plan] [--json]

  --plan          shows what would be restored, and writes no record
  --json          one JSON value on standard output
  --config FILE   settings as YAML or JSON (also RUNLAYER_CONFIG)
  --help          this text

AWS and the database are those of the settings, as the server has them: RUNLAYER_AWS_*, DATABASE_URL, RUNLAYER_DATA_DIR and
RUNLAYER_SEAL_KEY. An embedded database must not be in use: stop the server first. Accounts, API keys, connectors, the audit log
and former releases are in no other place than the database. Exposed paths and build settings come back with the next deploy of
the file: until then nothing is open without a key, and a pull has the defaults in their place. Register the connector of a deployment again and it gets its former id.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 AWS refuses the credentials or a call, 130 Ctrl-C.

Examples:
  runlayer-server aws refresh --plan
  runlayer-server aws refresh --json | jq -r '.data[] | select(.result == "restored").id'
`;
