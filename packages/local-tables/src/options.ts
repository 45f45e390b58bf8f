// What can be set on local tables, and the values used when it is not.
import { tablesError } from './error-codes.ts';

/** Settings of {@link createLocalTables}. Plain data: they cross to a thread. */
export interface LocalTablesOptions {
  /** Folder of its own for the items, the secret that keys are derived from, and the port. Made where it is missing. */
  readonly folder: string;
  /** Address to listen on: one that containers reach, and as few others as can be. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Name by which containers reach that address. Default `host.docker.internal`. */
  readonly containerHost?: string | undefined;
  /** Store to use in place of the built-in one, such as `http://127.0.0.1:8000` of DynamoDB Local. It must be reachable by nobody else. */
  readonly endpoint?: string | undefined;
  /** Key for that store. Default: one that stores for development take, `local` with the secret `local`. */
  readonly endpointKey?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Region in which clients sign. Default `us-east-1`. */
  readonly region?: string | undefined;
  /** Beginning of the name of every table, `[a-zA-Z0-9_.-]`; two platforms on one store need different ones. Default `runlayer`. */
  readonly prefix?: string | undefined;
  /** Time between two sweeps for expired items, seconds, 1–3600. Default 30. */
  readonly sweepSeconds?: number | undefined;
}

/** The settings with every default filled in. */
export interface Settings {
  readonly folder: string;
  readonly host: string;
  readonly containerHost: string;
  readonly endpoint: URL | undefined;
  readonly endpointKey: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region: string;
  readonly prefix: string;
  readonly sweepSeconds: number;
}

/**
 * Fills in the defaults.
 *
 * @throws `ERR_TABLES_OPTION` where a value cannot be.
 */
export function settingsFrom(options: LocalTablesOptions): Settings {
  const { sweepSeconds = 30, prefix = 'runlayer', region = 'us-east-1' } = options;
  if (!(sweepSeconds >= 1 && sweepSeconds <= 3600))
    throw tablesError('ERR_TABLES_OPTION', 'sweepSeconds is not a number from 1 to 3600.', noHint);
  if (!/^[a-zA-Z0-9_.-]{1,200}$/.test(prefix)) throw tablesError('ERR_TABLES_OPTION', 'prefix is no beginning of a table name.', noHint);
  if (!/^[a-z0-9-]{1,50}$/.test(region)) throw tablesError('ERR_TABLES_OPTION', 'region is no name of a region.', noHint);
  return {
    folder: options.folder,
    host: options.host ?? '127.0.0.1',
    containerHost: options.containerHost ?? 'host.docker.internal',
    endpoint: options.endpoint === undefined ? undefined : originOf(options.endpoint),
    endpointKey: options.endpointKey ?? { accessKeyId: 'local', secretAccessKey: 'local' },
    region,
    prefix,
    sweepSeconds,
  };
}

const noHint = { hint: 'See the README of @runlayer/local-tables for what it may be.' };

function originOf(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isOrigin = url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.username === '';
  if (!isOrigin) throw tablesError('ERR_TABLES_OPTION', 'The endpoint of the tables is no http or https address without a path.');
  return url;
}
