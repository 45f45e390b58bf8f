// A client for the server that options, environment and saved logins name.
import { createClient, type RunlayerClient } from '@runlayer/api/client';
import type { CommandContext } from '../context.ts';
import type { Report } from '../output/report.ts';
import { chooseHost, chooseKey, isPlainRemote } from './choose-connection.ts';

/** What the command line says. */
export interface GivenConnection {
  readonly host: string | undefined;
  readonly key: string | undefined;
}

/** Makes the client; sends nothing. @throws ERR_CLI_HOST_MISSING, ERR_CLI_KEY_MISSING, ERR_HOST_INVALID, ERR_API_KEY_MALFORMED */
export async function connect(given: GivenConnection, { env, home, version }: CommandContext, report: Report): Promise<RunlayerClient> {
  const complete = (given.host ?? env['RUNLAYER_HOST']) && (given.key ?? env['RUNLAYER_API_KEY']);
  const saved = complete ? { defaultHost: undefined, logins: [] } : await (await import('./saved-logins.ts')).readSavedLogins(home);
  const sources = { ...given, env, saved };
  const host = chooseHost(sources);
  const client = createClient({ host, apiKey: chooseKey(sources, host), userAgent: `runlayer-cli/${version}` });
  if (isPlainRemote(host)) report.warn(`The API key goes to ${client.host} without encryption. Use https.`);
  return client;
}
