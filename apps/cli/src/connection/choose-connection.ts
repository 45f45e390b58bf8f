// Which server, and with which key: options first, then the environment, then what is saved.
import { cliError } from '../error-codes.ts';
import type { SavedLogins } from './saved-logins.ts';

/** Where host and key may come from, in words of a person. */
export interface ConnectionSources {
  readonly host: string | undefined;
  readonly key: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly saved: SavedLogins;
}

/** Address without trailing slashes. Scheme, port and path count: a key belongs to exactly one address. */
export function sameAddress(address: string): string {
  const url = URL.parse(address);
  return url === null ? address : `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** The host: `--host`, `RUNLAYER_HOST`, the saved default, the only saved one. @throws ERR_CLI_HOST_MISSING */
export function chooseHost({ host, env, saved }: Omit<ConnectionSources, 'key'>): string {
  const only = saved.logins.length === 1 ? saved.logins[0]?.url : undefined;
  const chosen = host ?? nonEmpty(env['RUNLAYER_HOST']) ?? saved.defaultHost ?? only;
  if (chosen === undefined) throw cliError('ERR_CLI_HOST_MISSING', 'It is not known which platform to talk to.');
  return chosen;
}

/** The key: `--secret`, `RUNLAYER_API_KEY`, the one saved for exactly this host. @throws ERR_CLI_KEY_MISSING */
export function chooseKey({ key, env, saved }: ConnectionSources, host: string): string {
  const own = saved.logins.find(({ url }) => sameAddress(url) === sameAddress(host));
  const chosen = key ?? nonEmpty(env['RUNLAYER_API_KEY']) ?? own?.key;
  if (chosen === undefined) throw cliError('ERR_CLI_KEY_MISSING', `There is no API key for ${host}.`);
  return chosen;
}

/** Whether a key sent to this address can be read on the way. */
export function isPlainRemote(host: string): boolean {
  const url = URL.parse(host);
  return url?.protocol === 'http:' && !/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
