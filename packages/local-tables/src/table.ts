// The table of a deployment in its store: made, found, removed. Each is safe to repeat.
import { setTimeout as sleep } from 'node:timers/promises';
import { tablesError } from './error-codes.ts';
import type { Store, StoreAnswer } from './store.ts';

/** The attribute by which items expire, in seconds since 1970. */
export const expiryAttribute = 'ttl';

/** How often a table that is being made or removed is looked at, and for how long, milliseconds. */
const lookEveryMs = 50;
const readyMs = 15_000;

interface Answer {
  readonly __type?: string;
  readonly message?: string;
  readonly Table?: { readonly TableStatus?: string };
  readonly TableNames?: readonly string[];
  readonly LastEvaluatedTableName?: string;
}

/** Makes the table where it is missing, and waits until it can be used. Items that are there stay. */
export async function ensureTable(store: Store, name: string): Promise<void> {
  const state = await settled(store, name);
  if (state === 'ACTIVE') return expireItems(store, name);
  // Left over by a store that was killed while it made the table: nothing can have been written to it.
  if (state !== undefined) await removeTable(store, name);
  const definition = {
    TableName: name,
    AttributeDefinitions: ['pk', 'sk'].map((attribute) => ({ AttributeName: attribute, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  };
  await ask(store, 'CreateTable', definition, ['ResourceInUseException']);
  if ((await settled(store, name)) !== 'ACTIVE') throw tablesError('ERR_TABLES_STORE', 'The store did not make the table in time.');
  await expireItems(store, name);
}

/** Whether the table is there, or being made. */
export async function hasTable(store: Store, name: string): Promise<boolean> {
  return (await statusOf(store, name)) !== undefined;
}

/** Removes the table with its items, and waits until it is gone. */
export async function removeTable(store: Store, name: string): Promise<void> {
  for (const end = Date.now() + readyMs; ; await sleep(lookEveryMs)) {
    // In use: it is being made or removed.
    const answer = await ask(store, 'DeleteTable', { TableName: name }, ['ResourceNotFoundException', 'ResourceInUseException']);
    if (answer.__type?.endsWith('ResourceNotFoundException')) return;
    if (Date.now() > end) throw tablesError('ERR_TABLES_STORE', 'The store did not remove the table in time.');
  }
}

/** Names of all tables that begin so. */
export async function tableNames(store: Store, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for (let start: string | undefined; ;) {
    const { TableNames = [], LastEvaluatedTableName } = await ask(
      store,
      'ListTables',
      start === undefined ? {} : { ExclusiveStartTableName: start },
    );
    names.push(...TableNames.filter((name) => name.startsWith(prefix)));
    if (LastEvaluatedTableName === undefined) return names;
    start = LastEvaluatedTableName;
  }
}

/** Whether the store lets items of this table expire by itself. */
export async function expiresByItself(store: Store, name: string): Promise<boolean> {
  const answer = await store.send('DescribeTimeToLive', JSON.stringify({ TableName: name }));
  return answer.status === 200 && /"(?:ENABLED|ENABLING)"/.test(answer.body.toString());
}

/** Asks the store to let items expire, where it can. */
async function expireItems(store: Store, name: string): Promise<void> {
  if (await expiresByItself(store, name)) return;
  const wanted = { TableName: name, TimeToLiveSpecification: { AttributeName: expiryAttribute, Enabled: true } };
  await store.send('UpdateTimeToLive', JSON.stringify(wanted));
}

/** State of a table once it no longer changes by itself; what it is now where it never stops. */
async function settled(store: Store, name: string): Promise<string | undefined> {
  for (const end = Date.now() + readyMs / 5; ; await sleep(lookEveryMs)) {
    const status = await statusOf(store, name);
    if (status === undefined || status === 'ACTIVE' || Date.now() > end) return status;
  }
}

async function statusOf(store: Store, name: string): Promise<string | undefined> {
  const { __type, Table } = await ask(store, 'DescribeTable', { TableName: name }, ['ResourceNotFoundException']);
  return __type === undefined ? (Table?.TableStatus ?? 'UNKNOWN') : undefined;
}

/** The answer as data. An error that is not expected is thrown. */
async function ask(store: Store, operation: string, body: object, expected: readonly string[] = []): Promise<Answer> {
  const answer = await store.send(operation, JSON.stringify(body));
  const data = parse(answer);
  if (answer.status === 200 || expected.some((name) => data.__type?.endsWith(`#${name}`) || data.__type === name)) return data;
  throw tablesError('ERR_TABLES_STORE', `The store refused ${operation} (${answer.status}, ${data.__type ?? 'no error named'}).`);
}

function parse({ body }: StoreAnswer): Answer {
  try {
    return JSON.parse(body.toString()) as Answer;
  } catch {
    return {};
  }
}
