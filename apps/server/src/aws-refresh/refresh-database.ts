// The database of a refresh: the one of the settings, made where it is missing, unless only a plan is asked for.
import { existsSync } from 'node:fs';
import { isKnownDeployment, openRestore, type Restore } from '@runlayer/control-plane';
import type { Settings } from '../settings/read-settings.ts';
import { prepareDataFolder } from '../start/data-folder.ts';
import { databaseFolder, openSealer, openStorage } from '../start/storage.ts';

/** A database to restore into. */
export interface RefreshDatabase extends Restore {
  /** Whether there is a record of this id. */
  isKnown(deploymentId: string): Promise<boolean>;
  close(): Promise<void>;
}

/** How it is opened. */
export interface RefreshDatabaseOptions {
  /** Whether nothing may be written. */
  readonly readOnly: boolean;
  /** Repository that clients push to. */
  readonly repository: string | undefined;
}

/**
 * Opens it. With `readOnly` an embedded database that is not there counts as empty and is not made.
 * @throws ERR_DATA_DIR, ERR_DATABASE_LOCKED while a server uses an embedded one, and the other faults of opening it
 */
export async function openRefreshDatabase(settings: Settings, { readOnly, repository }: RefreshDatabaseOptions): Promise<RefreshDatabase> {
  if (readOnly && settings.databaseUrl === undefined && !existsSync(databaseFolder(settings))) return nothing;
  if (!readOnly) prepareDataFolder(settings.dataDir);
  const database = await openStorage(settings);
  const opened = { isKnown: (id: string) => isKnownDeployment(database, id), close: () => database.close() };
  // Without a sealer: opening one makes a key where there is none.
  if (readOnly) return { ...nothing, ...opened };
  try {
    const restore = openRestore({
      database,
      sealer: await openSealer(settings, database),
      command: 'runlayer-server aws refresh',
      repository,
      organizationName: settings.organization,
    });
    return { ...restore, ...opened };
  } catch (error) {
    await database.close();
    throw error;
  }
}

const nothing: RefreshDatabase = {
  isKnown: async () => false,
  restore: () => Promise.reject(new TypeError('a plan restores nothing')),
  close: async () => {},
};
