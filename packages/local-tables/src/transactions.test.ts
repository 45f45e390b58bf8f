// Transactions on the built-in store: all or nothing, alone on their table, also when killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, type Deployment, openScene, type Scene } from '../fixtures/scene.ts';
import type { TableAccess } from './local-tables.ts';
import type { Store } from './store.ts';
import { withTransactions } from './transactions.ts';
import { takeBackUnfinished } from './undo.ts';

const accounts = ['a', 'b', 'c', 'd'];
const keyOf = (pk: string) => ({ pk: { S: pk }, sk: { S: '-' } });

const fill = (client: DynamoDBClient, TableName: string): Promise<unknown> =>
  Promise.all(accounts.map((pk) => client.send(new PutItemCommand({ TableName, Item: { ...keyOf(pk), money: { N: '100' } } }))));

/** Moves one from one account to another, where there is one. */
function transfer(client: DynamoDBClient, TableName: string, from: string, to: string): Promise<unknown> {
  const change = (pk: string, by: string, ConditionExpression?: string): TransactWriteItem => ({
    Update: {
      TableName,
      Key: keyOf(pk),
      UpdateExpression: 'ADD money :by',
      ExpressionAttributeValues: { ':by': { N: by }, ...(ConditionExpression === undefined ? {} : { ':least': { N: '1' } }) },
      ConditionExpression,
    },
  });
  return client.send(new TransactWriteItemsCommand({ TransactItems: [change(to, '1'), change(from, '-1', 'money >= :least')] }));
}

/** Takes from one first, gives to the other last, and writes much in between. */
function longTransfer(client: DynamoDBClient, TableName: string): Promise<unknown> {
  const set = (pk: string, by: string): TransactWriteItem => ({
    Update: { TableName, Key: keyOf(pk), UpdateExpression: 'ADD money :by', ExpressionAttributeValues: { ':by': { N: by } } },
  });
  const between = Array.from({ length: 40 }, (_none, n): TransactWriteItem => ({ Put: { TableName, Item: keyOf(`between${n}`) } }));
  return client.send(new TransactWriteItemsCommand({ TransactItems: [set('a', '-1'), ...between, set('b', '1')] }));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

const total = async (client: DynamoDBClient, TableName: string): Promise<number> => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName, FilterExpression: 'attribute_exists(money)' }));
  return Items.reduce((sum, { money }) => sum + Number(money?.N), 0);
};

describe('a transaction', () => {
  let scene: Scene;
  let deployment: Deployment;
  beforeAll(async () => {
    scene = await openScene();
    deployment = await scene.deployment();
  });
  afterAll(() => scene.close());

  const write = (items: TransactWriteItem[], token?: string) =>
    deployment.client.send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: token })).then(
      () => 'written',
      (error: { name: string; CancellationReasons?: { Code?: string }[] }) =>
        [error.name, ...(error.CancellationReasons ?? []).map(({ Code }) => Code)].join(' '),
    );
  const put = (pk: string, more: object = {}): TransactWriteItem => ({ Put: { TableName: deployment.table, Item: keyOf(pk), ...more } });
  const has = async (pk: string): Promise<boolean> =>
    (await deployment.client.send(new GetItemCommand({ TableName: deployment.table, Key: keyOf(pk) }))).Item !== undefined;

  it('is seen by nobody while it is half done, and loses nothing beside others [CFG-6]', async () => {
    const { client, table } = deployment;
    await fill(client, table);
    const moves = Array.from({ length: 60 }, (_none, n) =>
      transfer(client, table, accounts[n % 4]!, accounts[(n * 7 + 1) % 4]!).catch(() => {}),
    );
    const seen = Array.from({ length: 20 }, async () => {
      const gets = accounts.map((pk) => ({ Get: { TableName: table, Key: keyOf(pk) } }));
      const { Responses = [] } = await client.send(new TransactGetItemsCommand({ TransactItems: gets }));
      return Responses.reduce((sum, { Item }) => sum + Number(Item?.['money']?.N), 0);
    });
    const scanned = Array.from({ length: 20 }, () => total(client, table));
    expect(new Set(await Promise.all([...seen, ...scanned]))).toEqual(new Set([400]));
    await Promise.all(moves);
    expect(await total(client, table)).toBe(400);
  });

  it('takes everything back where one condition fails, and tells which', async () => {
    const { client, table } = deployment;
    await client.send(new PutItemCommand({ TableName: table, Item: { ...keyOf('old'), v: { S: 'before' } } }));
    const outcome = await client
      .send(
        new TransactWriteItemsCommand({
          TransactItems: [
            put('fresh'),
            { Put: { TableName: table, Item: { ...keyOf('old'), v: { S: 'after' } } } },
            {
              Delete: {
                TableName: table,
                Key: keyOf('a'),
                ConditionExpression: 'attribute_not_exists(pk)',
                ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
              },
            },
          ],
        }),
      )
      .catch((error: unknown) => error);
    expect(outcome).toMatchObject({
      name: 'TransactionCanceledException',
      message: expect.stringContaining('[None, None, ConditionalCheckFailed]'),
      CancellationReasons: [{ Code: 'None' }, { Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { pk: { S: 'a' } } }],
    });
    expect([await has('fresh'), await has('a')]).toEqual([false, true]);
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: keyOf('old') }));
    expect(Item?.['v']?.S).toBe('before');
    expect(readdirSync(join(scene.folder, 'unfinished'))).toEqual([]);
  });

  it('leaves nothing where it only checks', async () => {
    const check = {
      ConditionCheck: { TableName: deployment.table, Key: keyOf('nobody'), ConditionExpression: 'attribute_not_exists(pk)' },
    };
    expect(await write([check, put('checked')])).toBe('written');
    expect([await has('nobody'), await has('checked')]).toEqual([false, true]);
  });

  it('is done once where it is sent twice, as a client does whose answer was lost', async () => {
    const token = randomUUID();
    const once = put('once', { ConditionExpression: 'attribute_not_exists(pk)' });
    expect(await write([once], token)).toBe('written');
    expect(await write([once], token)).toBe('written');
    expect(await write([once])).toBe('TransactionCanceledException ConditionalCheckFailed');
    expect(await write([put('another')], token)).toBe('IdempotentParameterMismatchException');
  });

  it.each<[string, () => TransactWriteItem[]]>([
    ['no action', () => []],
    ['more than 100 actions', () => Array.from({ length: 101 }, (_none, n) => put(`n${n}`))],
    ['one item twice', () => [put('twice'), put('twice')]],
    ['an action of two kinds', () => [{ ...put('one'), Delete: { TableName: deployment.table, Key: keyOf('two') } }]],
    ['an action without a key', () => [put('x'), { Put: { TableName: deployment.table, Item: {} } }]],
    ['a faulty expression', () => [put('y'), put('z', { ConditionExpression: 'nonsense(' })]],
  ])('is refused with %s, and writes nothing', async (_name, items) => {
    expect(await write(items())).toBe('ValidationException');
    for (const pk of ['n0', 'twice', 'one', 'x', 'y']) expect(await has(pk)).toBe(false);
  });
});

describe('a transaction that is broken off', () => {
  it('is taken back before the store is used again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'undo-'));
    const items = new Map([['a', '{"pk":"a","v":"before"}']]);
    let breaks = true;
    const store: Store = {
      close: () => {},
      async send(operation, body) {
        const { Key, Item } = JSON.parse(body) as { Key?: { pk: string }; Item?: { pk: string } };
        const pk = (Key ?? Item)?.pk ?? '';
        if (operation === 'GetItem') {
          const item = items.get(pk);
          return { status: 200, body: Buffer.from(item === undefined ? '{}' : `{"Item":${item}}`) };
        }
        // The store dies at the second write, and cannot take the first one back.
        if (breaks && pk === 'b') throw new Error('gone');
        if (breaks && items.get('a')?.includes('after')) throw new Error('gone');
        if (operation === 'PutItem') items.set(pk, JSON.stringify(Item));
        else items.delete(pk);
        return { status: 200, body: Buffer.from('{}') };
      },
    };
    const body = JSON.stringify({ TransactItems: [{ Put: { Item: { pk: 'a', v: 'after' } } }, { Put: { Item: { pk: 'b' } } }] });
    await expect(withTransactions(store, folder).send('TransactWriteItems', body, 'table')).rejects.toThrow('gone');
    expect(items.get('a')).toContain('after');
    breaks = false;
    await takeBackUnfinished(store, folder);
    expect(Object.fromEntries(items)).toEqual({ a: '{"pk":"a","v":"before"}' });
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('by a kill is all or nothing [CFG-6]', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'transactions-'));
    const id = randomUUID();
    const start = async (): Promise<[ChildProcess, DynamoDBClient, string]> => {
      const program = fileURLToPath(new URL('../fixtures/keeper.ts', import.meta.url));
      const child = spawn(process.execPath, [program, join(folder, 'tables'), id], { stdio: ['ignore', 'pipe', 'inherit'] });
      for await (const line of createInterface({ input: child.stdout })) {
        const { endpoint, tableName, ...key } = JSON.parse(line) as TableAccess;
        return [child, clientOf(Number(new URL(endpoint).port), key), tableName];
      }
      throw new Error('it did not start');
    };
    const ended = (child: ChildProcess): Promise<unknown> => {
      const exit = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      return exit;
    };
    const unfinished = (): string[] => readdirSync(join(folder, 'tables', 'unfinished')).filter((name) => name.endsWith('.json'));
    const store = join(folder, 'tables', 'store');
    const written = (): number =>
      readdirSync(store).reduce((sum, name) => sum + (name.endsWith('.log') ? statSync(join(store, name)).size : 0), 0);
    let [child, client, table] = await start();
    try {
      await fill(client, table);
      for (let round = 0; round < 2; round += 1) {
        const long = longTransfer(client, table).catch(() => {});
        await until(() => unfinished().length > 0);
        const before = written();
        // The first of its writes is done, and the last is far.
        await until(() => written() > before);
        await ended(child);
        await long;
        expect(unfinished()).toEqual([`${table}.json`]);
        client.destroy();
        [child, client, table] = await start();
        expect(await total(client, table)).toBe(400);
        expect(unfinished()).toEqual([]);
      }
      await longTransfer(client, table);
      expect(await total(client, table)).toBe(400);
    } finally {
      client.destroy();
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
