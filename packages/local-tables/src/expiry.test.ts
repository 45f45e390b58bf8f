import { GetItemCommand, PutItemCommand, ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Deployment, openScene, type Scene } from '../fixtures/scene.ts';
import { type Places, sweepTables } from './expiry.ts';
import type { Store } from './store.ts';

const now = new Date('2026-06-01T12:00:00Z');
const seconds = now.getTime() / 1000;
let scene: Scene;
let deployment: Deployment;
beforeAll(async () => {
  scene = await openScene();
  deployment = await scene.deployment();
});
afterAll(() => scene.close());

const put = (pk: string, ttl?: AttributeValue): Promise<unknown> =>
  deployment.client.send(
    new PutItemCommand({ TableName: deployment.table, Item: { pk: { S: pk }, sk: { S: '-' }, ...(ttl === undefined ? {} : { ttl }) } }),
  );
const isThere = async (pk: string): Promise<boolean> =>
  (await deployment.client.send(new GetItemCommand({ TableName: deployment.table, Key: { pk: { S: pk }, sk: { S: '-' } } }))).Item !==
  undefined;

it.each<[string, AttributeValue | undefined, boolean]>([
  ['a time that has come', { N: String(seconds) }, false],
  ['a time long past', { N: String(seconds - 4 * 365 * 86_400) }, false],
  ['a time with a fraction', { N: `${seconds - 1}.5` }, false],
  ['a time to come', { N: String(seconds + 1) }, true],
  ['a time more than five years past', { N: String(seconds - 6 * 365 * 86_400) }, true],
  ['a time in milliseconds', { N: String(now.getTime()) }, true],
  ['text for a time', { S: String(seconds - 10) }, true],
  ['no time', undefined, true],
])('an item with %s: stays is %s [CFG-6]', async (name, ttl, stays) => {
  scene.setTime(undefined);
  await put(name, ttl);
  scene.setTime(now);
  await scene.tables.sweep();
  scene.setTime(undefined);
  expect(await isThere(name)).toBe(stays);
});

it('goes through tables of several pages [CFG-6]', async () => {
  const other = await scene.deployment();
  await Promise.all(
    Array.from({ length: 450 }, (_none, n) =>
      other.client.send(
        new PutItemCommand({ TableName: other.table, Item: { pk: { S: `p${n}` }, sk: { S: '-' }, ttl: { N: '1700000000' } } }),
      ),
    ),
  );
  const count = async (): Promise<number | undefined> =>
    (await other.client.send(new ScanCommand({ TableName: other.table, Select: 'COUNT' }))).Count;
  expect(await count()).toBe(450);
  const { pages, removed } = await scene.tables.sweep();
  expect(pages).toBeLessThanOrEqual(50);
  expect(removed).toBeGreaterThanOrEqual(450);
  expect(await count()).toBe(0);
});

it('takes turns between tables, and spares an item that was written anew meanwhile', async () => {
  const asked: string[] = [];
  const rest: Record<string, number> = { large: 5, small: 1 };
  const store: Store = {
    async send(operation, body) {
      const { TableName } = JSON.parse(body) as { TableName: string };
      asked.push(`${operation} ${TableName}`);
      // The condition of the second item no longer holds.
      if (operation === 'DeleteItem') return { status: body.includes('"again"') ? 400 : 200, body: Buffer.from('{}') };
      rest[TableName] = (rest[TableName] ?? 0) - 1;
      const more = rest[TableName] > 0 ? { LastEvaluatedKey: { pk: { S: 'x' } } } : {};
      return { status: 200, body: Buffer.from(JSON.stringify({ Items: [{ pk: { S: 'old' } }, { pk: { S: 'again' } }], ...more })) };
    },
    close: () => {},
  };
  const places: Places = new Map();
  expect(await sweepTables(store, ['large', 'small'], places, now.getTime(), 4)).toEqual({ pages: 4, removed: 4 });
  const scans = (): string[] => asked.filter((line) => line.startsWith('Scan'));
  expect(scans()).toEqual(['Scan large', 'Scan small', 'Scan large', 'Scan large']);
  expect([...places.keys()]).toEqual(['large']);
  await sweepTables(store, ['small', 'large'], places, now.getTime(), 2);
  expect(scans().slice(4)).toEqual(['Scan large', 'Scan small']);
  await sweepTables(store, ['small'], places, now.getTime(), 1);
  expect([...places.keys()]).toEqual([]);
});
