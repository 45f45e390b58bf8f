// The tables of deployments on Docker: opened when the first deployment wants one, and at every start from then on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Tables } from '@runlayer/docker-provisioner';
import { createLocalTables, type LocalTables } from '@runlayer/local-tables';
import type { Settings } from '../settings/read-settings.ts';
import { bridgeHost } from './bridge-host.ts';
import type { Log } from '../http/logger.ts';

/** Tables, and when they are open. */
export interface PlatformTables extends Tables {
  /**
   * Opens them where they were ever used: containers that run count on them. Says from then on, in the log, what becomes of them.
   * @throws ERR_TABLES_FOLDER, ERR_TABLES_STORE
   */
  resume(log: Log): Promise<void>;
  close(): Promise<void>;
}

/** Folder of the tables. */
export function tablesFolder({ dataDir }: Pick<Settings, 'dataDir'>): string {
  return join(dataDir, 'tables');
}

/**
 * Tables in the data folder, or in the store that the settings name. Nothing is made, and no thread runs, until one is asked for.
 *
 * @param bridge Tells the address of this machine on the network of the containers.
 */
export function platformTables(settings: Settings, bridge: () => Promise<string | undefined>): PlatformTables {
  const folder = tablesFolder(settings);
  let log: Log | undefined;
  let opening: Promise<LocalTables> | undefined;

  async function open(): Promise<LocalTables> {
    const host = await bridgeHost(await bridge());
    const tables = await createLocalTables({ folder, host, endpoint: settings.tablesEndpoint }, (message) => log?.warn(message));
    const { formerPort: former } = tables;
    if (former !== undefined)
      log?.warn("the port of the tables' gateway is taken; deploy again what has a table", { former, port: tables.port() });
    return tables;
  }

  /** One that failed is tried again by the next who asks. */
  function opened(): Promise<LocalTables> {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  return {
    access: async (deploymentId) => (await opened()).access(deploymentId),
    ensureTable: async (deploymentId) => (await opened()).ensureTable(deploymentId),
    // Asked of every deployment that is destroyed: no reason to open what was never used.
    hasTable: async (deploymentId) => existsSync(folder) && (await opened()).hasTable(deploymentId),
    removeTable: async (deploymentId) => (await opened()).removeTable(deploymentId),
    async resume(given) {
      log = given;
      if (existsSync(folder)) await opened();
    },
    async close() {
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}
