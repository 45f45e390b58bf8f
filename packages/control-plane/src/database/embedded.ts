// The embedded database: PGlite in a folder that belongs to this process.
import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate as applyMigrations } from 'drizzle-orm/pglite/migrator';
import { fail } from '../error-codes.ts';
import * as schema from '../schema/index.ts';
import { databaseFault } from './database-fault.ts';
import { folderFault } from './folder-fault.ts';
import type { Database } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { guardedDatabase } from './guarded.ts';
import { migrate } from './migrate.ts';

/** Free space that a start needs, bytes: Postgres makes 16 MiB segments and a fresh folder takes about 40 MiB. */
const leastFreeBytes = 64 * 1024 * 1024;

/** PGlite turns fsync off (`-F`) and takes 128 MiB of shared buffers; a deployment record is worth a flush. */
const startParams = [...PGlite.defaultStartParams.filter((param) => param !== '-F'), '-c', 'shared_buffers=16MB', '-c', 'wal_buffers=1MB'];

/** Opens the database in a folder, which is made if it is not there. */
export async function openEmbedded(dataDir: string): Promise<Database> {
  const folder = resolve(dataDir);
  prepare(folder);
  const unlock = lockFolder(folder);
  try {
    const client = await PGlite.create({ dataDir: join(folder, 'pgdata'), startParams });
    const db = drizzle({ client, schema });
    await migrate(db, (migrationsFolder) => applyMigrations(db, { migrationsFolder }));
    const close = async () => {
      await client.close().finally(unlock);
    };
    return guardedDatabase({ kind: 'pglite', db, place: `in ${folder}`, close });
  } catch (error) {
    unlock();
    throw databaseFault(error, `in ${folder}`);
  }
}

function prepare(folder: string): void {
  try {
    mkdirSync(join(folder, 'pgdata'), { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw folderFault(error, folder);
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < leastFreeBytes) {
    const free = Math.floor((bavail * bsize) / 1024 / 1024);
    throw fail(
      'ERR_DATABASE_NO_SPACE',
      `The disk of the data folder ${folder} has ${free} MiB free; ${leastFreeBytes / 1024 / 1024} MiB are needed.`,
    );
  }
}
