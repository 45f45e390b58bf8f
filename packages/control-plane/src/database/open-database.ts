// Opens the database, embedded or by address, and brings its tables up to date.
import type { Database } from './database.ts';
import { openEmbedded } from './embedded.ts';
import { openPostgres } from './postgres.ts';

/** Where the database is: a folder for the embedded one, or the address of a Postgres 15 or later. */
export type DatabaseOptions =
  | {
      /** A folder of its own; made if it is not there. */
      readonly dataDir: string;
    }
  | {
      /** `postgres://user:password@host:port/name`. Never printed. */
      readonly url: string;
      /** Connections held at most. Default 10. */
      readonly maxConnections?: number | undefined;
    };

/**
 * Opens a database. Throws `ERR_DATABASE_LOCKED` when another process has the folder, `ERR_DATABASE_FOLDER`, `ERR_DATABASE_NO_SPACE`,
 * `ERR_DATABASE_UNREACHABLE`, `ERR_DATABASE_VERSION`, `ERR_DATABASE_NEWER` when a newer program has changed it, `ERR_DATABASE_MIGRATION`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return 'url' in options ? openPostgres(options.url, options.maxConnections) : openEmbedded(options.dataDir);
}
