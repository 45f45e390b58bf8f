// The signing keys of a database that this process opens itself.
import { existsSync } from 'node:fs';
import { openSigningKeys } from '@runlayer/control-plane';
import { fail } from '../error-codes.ts';
import type { Settings } from '../settings/read-settings.ts';
import { databaseFolder, openSealer, openStorage, sealKeyFile } from '../start/storage.ts';
import { wireRotation, wireSigningKey } from '../wire/signing-keys.ts';
import type { Ring } from './ring.ts';

/**
 * Opens the database of the settings. Makes none: a wrong setting must not leave a new one behind.
 * @throws ERR_KEYS_NO_PLATFORM, ERR_DATABASE_LOCKED and the other faults of opening it
 */
export async function openDatabaseRing(settings: Settings): Promise<Ring> {
  checkIsThere(settings);
  const database = await openStorage(settings);
  try {
    const keys = await openSigningKeys({
      database,
      sealer: await openSealer(settings, database),
      timing: { leadSeconds: settings.keyLeadSeconds, rotateEveryDays: settings.keyRotationDays },
    });
    const operator = keys.operator('runlayer-server keys');
    return {
      list: async () => (await keys.list(operator)).map(wireSigningKey),
      rotate: async (options) => wireRotation(await keys.rotate(operator, options)),
      revoke: async (kid) => wireSigningKey(await keys.revoke(operator, kid)),
      untilDone: async (rotation, signal) => wireRotation(await keys.untilDone(rotation, { signal })),
      whileWaiting: database.kind === 'pglite' ? 'No server can start on this data folder meanwhile.' : undefined,
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function checkIsThere(settings: Settings): void {
  const { databaseUrl, dataDir } = settings;
  if (databaseUrl === undefined && !existsSync(databaseFolder(settings)))
    throw fail('ERR_KEYS_NO_PLATFORM', `There is no database in ${dataDir}.`, {
      hint: 'Set RUNLAYER_DATA_DIR or DATABASE_URL as the server has it; the first start of a server makes the database.',
    });
  if (settings.sealKeys === undefined && !existsSync(sealKeyFile(settings)))
    throw fail('ERR_KEYS_NO_PLATFORM', `There is no sealing key at ${sealKeyFile(settings)}.`, {
      hint: 'Set RUNLAYER_SEAL_KEY or RUNLAYER_DATA_DIR as the server has it.',
    });
}
