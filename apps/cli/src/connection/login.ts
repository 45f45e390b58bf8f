// Logging in and out: a key is saved after the server has recognised it.
import { createClient, type Schemas } from '@runlayer/api/client';
import type { CommandContext } from '../context.ts';
import { cliError } from '../error-codes.ts';
import type { Report } from '../output/report.ts';
import { askSecret } from '../prompts.ts';
import { chooseHost, isPlainRemote, sameAddress } from './choose-connection.ts';
import type { GivenConnection } from './connect.ts';
import { readSavedLogins, removeLogins, saveLogin } from './saved-logins.ts';

/** What a login ended with. */
export interface LoggedIn {
  readonly host: string;
  readonly me: Schemas['Me'];
  readonly file: string;
}

/** Checks the key with the server and saves it. @throws ERR_CLI_USAGE without a key and without a terminal to ask on. */
export async function login(given: GivenConnection, context: CommandContext, report: Report): Promise<LoggedIn> {
  const { env, home, version, isTerminal } = context;
  const host = chooseHost({ host: given.host, env, saved: await readSavedLogins(home) });
  createClient({ host });
  if (given.key === undefined && !isTerminal)
    throw cliError('ERR_CLI_USAGE', 'There is no terminal to ask for the key on.', { hint: 'Give it with --secret.' });
  const key = given.key ?? (await askSecret(`API key for ${host}`));
  const client = createClient({ host, apiKey: key, userAgent: `runlayer-cli/${version}` });
  if (isPlainRemote(host)) report.warn(`The API key goes to ${client.host} without encryption. Use https.`);
  const me = await client.me();
  return { host: client.host, me, file: await saveLogin(home, client.host, key) };
}

/** Forgets the login of one host, or of all. @returns the addresses forgotten */
export async function logout(host: string | undefined, home: string): Promise<string[]> {
  const { logins } = await readSavedLogins(home);
  const wanted = logins.map(({ url }) => url).filter((url) => host === undefined || sameAddress(url) === sameAddress(host));
  if (wanted.length > 0) await removeLogins(home, wanted);
  return wanted;
}
