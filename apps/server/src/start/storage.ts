// What a platform keeps: its database, and the key that seals what is secret in it.
import { join } from 'node:path';
import { createSealer, type Database, loadOrCreateKeyFile, openDatabase, type Sealer } from '@runlayer/control-plane';
import type { Settings } from '../settings/read-settings.ts';

/** Folder of the embedded database. */
export function databaseFolder({ dataDir }: Settings): string {
  return join(dataDir, 'database');
}

/** Where the sealing key is, unless a setting gives it. */
export function sealKeyFile({ dataDir }: Settings): string {
  return join(dataDir, 'seal.key');
}

/** Opens the database that the settings name. */
export function openStorage(settings: Settings): Promise<Database> {
  const { databaseUrl } = settings;
  return openDatabase(databaseUrl === undefined ? { dataDir: databaseFolder(settings) } : { url: databaseUrl });
}

/** The sealer of that database; its key is made where there is none and nothing was sealed yet. */
export async function openSealer(settings: Settings, database: Database): Promise<Sealer> {
  return createSealer(settings.sealKeys ?? (await loadOrCreateKeyFile(sealKeyFile(settings), database)));
}
