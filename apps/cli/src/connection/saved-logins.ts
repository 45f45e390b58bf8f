// The saved hosts and keys, in the file that the published client uses too.
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, isMap, parseDocument } from 'yaml';
import { cliError } from '../error-codes.ts';
import { writeAtomically } from '../project/write-atomically.ts';

/** What is known of one host. */
export interface SavedLogin {
  readonly url: string;
  readonly key: string | undefined;
}

/** What is saved. */
export interface SavedLogins {
  /** Address that is used when none is given. */
  readonly defaultHost: string | undefined;
  readonly logins: readonly SavedLogin[];
}

/** Path of the file. */
export function savedLoginsFile(home: string): string {
  return join(home, '.runlayer', 'config.yaml');
}

/** Reads what is saved; nothing when there is no file. @throws ERR_CLI_LOGIN_FILE when the file cannot be read. */
export async function readSavedLogins(home: string): Promise<SavedLogins> {
  const { default_host, hosts } = ((await readDocument(home)).toJS({ maxAliasCount: 10 }) ?? {}) as Record<string, unknown>;
  const entries = typeof hosts === 'object' && hosts !== null ? Object.values(hosts) : [];
  const logins = entries.flatMap((entry) => {
    const { url, secret } = (entry ?? {}) as Record<string, unknown>;
    return typeof url === 'string' ? [{ url, key: typeof secret === 'string' ? secret : undefined }] : [];
  });
  return { defaultHost: typeof default_host === 'string' ? default_host : undefined, logins };
}

/** Saves a key for a host and makes it the default one. Everything else in the file stays. */
export async function saveLogin(home: string, url: string, key: string): Promise<string> {
  return await change(home, (document) => {
    document.set('default_host', url);
    if (!isMap(document.get('hosts'))) document.set('hosts', document.createNode({}));
    const name = new URL(url).host;
    if (!isMap(document.getIn(['hosts', name]))) document.setIn(['hosts', name], document.createNode({}));
    document.setIn(['hosts', name, 'url'], url);
    document.setIn(['hosts', name, 'secret'], key);
  });
}

/** Removes what is saved for these addresses. */
export async function removeLogins(home: string, urls: readonly string[]): Promise<void> {
  const { defaultHost } = await readSavedLogins(home);
  await change(home, (document) => {
    for (const url of urls) document.deleteIn(['hosts', new URL(url).host]);
    if (defaultHost !== undefined && urls.includes(defaultHost)) document.delete('default_host');
  });
}

async function change(home: string, edit: (document: Document) => void): Promise<string> {
  const file = savedLoginsFile(home);
  const document = await readDocument(home);
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never;
  edit(document);
  await mkdir(join(home, '.runlayer'), { recursive: true, mode: 0o700 });
  await writeAtomically(file, document.toString({ lineWidth: 0 }), { mode: 0o600 });
  await chmod(file, 0o600);
  return file;
}

async function readDocument(home: string): Promise<Document> {
  const file = savedLoginsFile(home);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw cliError('ERR_CLI_LOGIN_FILE', `${file} cannot be read: ${error.code}.`, { cause: error });
  });
  const document = parseDocument(text, { prettyErrors: false });
  // The library quotes the file in its messages, and the file holds keys.
  if (document.errors.length > 0) throw cliError('ERR_CLI_LOGIN_FILE', `${file} is not valid YAML.`);
  return document;
}
