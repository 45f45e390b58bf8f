// Finds the signing keys: in the database, or, while a server holds the embedded one, at that server.
import { hasCode } from '@runlayer/errors';
import { fail } from '../error-codes.ts';
import { listenerUrl } from '../settings/addresses.ts';
import type { Settings } from '../settings/read-settings.ts';
import { readOwnAddress } from '../start/own-address.ts';
import { openDatabaseRing } from './database-ring.ts';
import type { Ring } from './ring.ts';
import { serverRing } from './server-ring.ts';

/** @throws ERR_KEYS_NO_CREDENTIAL when a server must be asked and there is no key for it; what opening the database throws */
export async function openRing(settings: Settings, environment: Readonly<Record<string, string | undefined>>): Promise<Ring> {
  try {
    return await openDatabaseRing(settings);
  } catch (error) {
    if (!hasCode(error, 'ERR_DATABASE_LOCKED')) throw error;
    const apiKey = settings.adminApiKey ?? (environment['RUNLAYER_API_KEY'] || undefined);
    if (apiKey === undefined)
      throw fail('ERR_KEYS_NO_CREDENTIAL', `${error.message} That server must be asked, which needs the API key of an admin.`, {
        cause: error,
      });
    // Not the public address: that may lead over other machines.
    const url = readOwnAddress(settings.dataDir) ?? listenerUrl(settings.listen, settings.port);
    return serverRing({ url, apiKey, because: error.message });
  }
}
