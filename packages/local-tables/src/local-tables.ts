// The tables of a platform without AWS: one for each deployment, behind a gateway that keeps them apart.
import { accessKeyOf } from './access-keys.ts';
import { keptSecret } from './kept.ts';
import { type LocalTablesOptions, settingsFrom } from './options.ts';
import { type OnFault, openLink } from './tables-link.ts';
import { tableName } from './table-name.ts';

/** All that a DynamoDB client needs to reach the table of a deployment. The secret is as good as the table. */
export interface TableAccess {
  readonly tableName: string;
  readonly region: string;
  /** Address of the gateway as containers reach it. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Tables of deployments. All rejections have the code `ERR_TABLES_STORE`; try again after one. */
export interface LocalTables {
  /** How the table is reached, whether it is there or not. Stays the same as long as the folder and the port do. */
  access(deploymentId: string): TableAccess;
  /** Makes the table where it is missing: keys `pk` and `sk`, text both, items expire by `ttl`. Safe to repeat; items stay. */
  ensureTable(deploymentId: string): Promise<TableAccess>;
  hasTable(deploymentId: string): Promise<boolean>;
  /** Removes the table with all items. Safe to repeat. */
  removeTable(deploymentId: string): Promise<void>;
  /** Port of the gateway. */
  port(): number;
  /** The port of the last time, where it could not be had again: containers that know it must be deployed anew. */
  readonly formerPort: number | undefined;
  /** Ends gateway and store. Items stay. */
  close(): Promise<void>;
}

/**
 * Opens the tables of a folder, and the gateway to them. They run in a thread of their own, which is started again when it breaks.
 *
 * @param onFault Told in a sentence, free of values, of what nobody asked for: the thread broke, a sweep failed. Default: nobody.
 * @throws `ERR_TABLES_OPTION` for a setting that cannot be, `ERR_TABLES_FOLDER` for a folder or an address that cannot be used,
 * `ERR_TABLES_STORE` where the store does not open, as when another process has its folder.
 */
export async function createLocalTables(options: LocalTablesOptions, onFault: OnFault = () => {}): Promise<LocalTables> {
  const settings = settingsFrom(options);
  const secret = keptSecret(settings.folder);
  const link = await openLink(options, onFault);
  const access = (deploymentId: string): TableAccess => ({
    tableName: tableName(settings, deploymentId),
    region: settings.region,
    endpoint: `http://${settings.containerHost}:${link.port()}`,
    ...accessKeyOf(secret, deploymentId),
  });
  return {
    access,
    async ensureTable(deploymentId) {
      await link.ask('ensure', deploymentId);
      return access(deploymentId);
    },
    hasTable: (deploymentId) => link.ask('has', deploymentId),
    removeTable: async (deploymentId) => void (await link.ask('remove', deploymentId)),
    port: () => link.port(),
    formerPort: link.formerPort,
    close: () => link.close(),
  };
}
