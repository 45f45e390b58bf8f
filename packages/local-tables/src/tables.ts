// Store, gateway and sweeper together, in this thread.
import { tablesError } from './error-codes.ts';
import { accessKeyOf } from './access-keys.ts';
import type { OwnTable } from './call.ts';
import { openDefaultStore } from './default-store.ts';
import { type Places, type Swept, sweepTables } from './expiry.ts';
import { createGateway } from './gateway.ts';
import { keptSecret, listenAgain } from './kept.ts';
import type { Settings } from './options.ts';
import { connectStore, type Store } from './store.ts';
import { tableName } from './table-name.ts';
import { withTransactions } from './transactions.ts';
import { takeBackUnfinished } from './undo.ts';
import { ensureTable, expiresByItself, hasTable, removeTable, tableNames } from './table.ts';

/** Pages that one sweep looks at, at most. */
const pagesOfSweep = 50;

/** What runs in a thread. */
export interface Tables {
  /** Port of the gateway, and the one that running containers know where it is another. */
  readonly port: number;
  readonly formerPort?: number | undefined;
  ensure(deploymentId: string): Promise<void>;
  has(deploymentId: string): Promise<boolean>;
  remove(deploymentId: string): Promise<void>;
  /** Removes what has expired, a bounded number of items; goes on there next time. */
  sweep(): Promise<Swept>;
  close(): Promise<void>;
}

/**
 * Opens store and gateway. Nobody sweeps but who calls `sweep`.
 *
 * @param now Time, for signatures and for what has expired.
 */
export async function openTables(settings: Settings, now: () => Date = () => new Date()): Promise<Tables> {
  const secret = keptSecret(settings.folder);
  const { store, closeStore } = await openStore(settings, secret);
  const places: Places = new Map();
  const name = (deploymentId: string): string => tableName(settings, deploymentId);
  const ownTable = (deploymentId: string): OwnTable => ({
    name: name(deploymentId),
    arn: `arn:aws:dynamodb:${settings.region}:000000000000:table/${name(deploymentId)}`,
  });
  const gateway = createGateway({ store, secret, region: settings.region, ownTable, now });
  const { port, former } = await listenAgain(gateway, settings.host, settings.folder).catch((error: unknown) => {
    throw tablesError('ERR_TABLES_FOLDER', `The tables' gateway cannot listen on ${settings.host}.`, { cause: error });
  });
  return {
    port,
    formerPort: former,
    ensure: (deploymentId) => ensureTable(store, name(deploymentId)),
    has: (deploymentId) => hasTable(store, name(deploymentId)),
    remove: (deploymentId) => removeTable(store, name(deploymentId)),
    async sweep() {
      return sweepTables(store, await tablesToSweep(store, `${settings.prefix}-`), places, now().getTime(), pagesOfSweep);
    },
    async close() {
      const closed = new Promise<void>((resolve) => gateway.close(() => resolve()));
      gateway.closeAllConnections();
      await closed;
      await closeStore();
    },
  };
}

interface OpenStore {
  readonly store: Store;
  readonly closeStore: () => Promise<void>;
}

async function openStore({ folder, endpoint, endpointKey, region }: Settings, secret: Uint8Array): Promise<OpenStore> {
  if (endpoint !== undefined) {
    const store = connectStore({ origin: endpoint }, endpointKey, region);
    return { store, closeStore: async () => store.close() };
  }
  const opened = await openDefaultStore(`${folder}/store`);
  // Any key will do: the built-in store does not check signatures, which is why nobody else may reach it.
  const store = connectStore(opened, accessKeyOf(secret, 'the store itself'), region);
  // Now rather than at the first request: where another process has the folder, this ends the thread.
  await tableNames(store, '');
  await takeBackUnfinished(store, `${folder}/unfinished`);
  return {
    store: withTransactions(store, `${folder}/unfinished`),
    closeStore: async () => {
      store.close();
      await opened.close();
    },
  };
}

async function tablesToSweep(store: Store, prefix: string): Promise<string[]> {
  const wanted: string[] = [];
  for (const name of await tableNames(store, prefix)) if (!(await expiresByItself(store, name))) wanted.push(name);
  return wanted;
}
