// The tables of a platform through its life: restarts, kills, a store that breaks, a folder that is taken.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, it } from 'vitest';
import { clientOf } from '../fixtures/scene.ts';
import { createLocalTables, type LocalTables, type TableAccess } from './local-tables.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'local-tables-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'tables');
};
async function open(folder: string, faults: string[] = []): Promise<LocalTables> {
  const tables = await createLocalTables({ folder, containerHost: '127.0.0.1' }, (message) => faults.push(message));
  undo.push(() => tables.close());
  return tables;
}
function writer({ endpoint, tableName, ...key }: TableAccess) {
  const client = clientOf(Number(new URL(endpoint).port), key);
  undo.push(() => client.destroy());
  return {
    put: (pk: string) => client.send(new PutItemCommand({ TableName: tableName, Item: { pk: { S: pk }, sk: { S: '-' } } })),
    has: async (pk: string) =>
      (await client.send(new GetItemCommand({ TableName: tableName, Key: { pk: { S: pk }, sk: { S: '-' } } }))).Item !== undefined,
    count: async () => (await client.send(new ScanCommand({ TableName: tableName, Select: 'COUNT' }))).Count,
  };
}

it('keeps items, keys and the port over a restart [CFG-6]', async () => {
  const [folder, id] = [newFolder(), randomUUID()];
  const first = await open(folder);
  const access = await first.ensureTable(id);
  await writer(access).put('kept');
  await first.close();
  const second = await open(folder);
  expect(second.access(id)).toEqual(access);
  expect(second.formerPort).toBeUndefined();
  expect(await second.ensureTable(id)).toEqual(access);
  expect(await writer(access).has('kept')).toBe(true);
});

it('keeps every item that was answered for when its process is killed [CFG-6]', async () => {
  const [folder, id] = [newFolder(), randomUUID()];
  const start = async (): Promise<[ChildProcess, TableAccess]> => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('../fixtures/keeper.ts', import.meta.url)), folder, id], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    undo.push(() => child.kill('SIGKILL'));
    for await (const line of createInterface({ input: child.stdout })) return [child, JSON.parse(line) as TableAccess];
    throw new Error('it did not start');
  };
  const answered = new Set<string>();
  let access: TableAccess | undefined;
  for (const round of [0, 1, 2]) {
    const [child, told] = await start();
    expect(told).toEqual(access ?? told);
    access = told;
    const table = writer(told);
    expect(await table.count()).toBeGreaterThanOrEqual(answered.size);
    const exit = new Promise((resolve) => child.once('exit', resolve));
    const writes = Array.from({ length: 60 }, (_none, n) => `${round}-${n}`).map((pk, n) =>
      table.put(pk).then(
        () => {
          answered.add(pk);
          if (n === 20) child.kill('SIGKILL');
        },
        () => {},
      ),
    );
    await Promise.all([...writes, exit]);
  }
  const [, told] = await start();
  const table = writer(told);
  expect(answered.size).toBeGreaterThan(3);
  expect(await Promise.all([...answered].map((pk) => table.has(pk)))).not.toContain(false);
});

it('starts its store again when that breaks, with the same port and items', async () => {
  const [folder, id, faults, threads] = [newFolder(), randomUUID(), [] as string[], [] as Worker[]];
  const listener = (worker: Worker): void => void threads.push(worker);
  process.on('worker', listener);
  undo.push(() => process.off('worker', listener));
  const tables = await open(folder, faults);
  const access = await tables.ensureTable(id);
  await writer(access).put('kept');
  await threads[0]?.terminate();
  await expect.poll(() => tables.hasTable(id).catch(() => undefined), { timeout: 20_000 }).toBe(true);
  expect(faults).toEqual(['The store of the tables ended; it is started again.']);
  expect(tables.access(id)).toEqual(access);
  expect(await writer(access).has('kept')).toBe(true);
});

it('says when it cannot have its port again', async () => {
  const folder = newFolder();
  const first = await open(folder);
  const port = first.port();
  await first.close();
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
  undo.push(() => squatter.close());
  const second = await open(folder);
  expect(second.formerPort).toBe(port);
  expect(second.port()).not.toBe((squatter.address() as AddressInfo).port);
});

it('shows its secret to nobody else', async () => {
  const folder = newFolder();
  await open(folder);
  expect(statSync(folder).mode & 0o077).toBe(0);
  expect(statSync(join(folder, 'keys.secret')).mode & 0o077).toBe(0);
});

it.each<[string, (folder: string) => unknown, string]>([
  ['another process has', (folder) => open(folder), 'ERR_TABLES_FOLDER'],
  ['is a file', (folder) => writeFileSync(folder, ''), 'ERR_TABLES_FOLDER'],
  [
    'has no secret but something else',
    async (folder) => {
      await (await open(folder)).close();
      chmodSync(join(folder, 'keys.secret'), 0o600);
      writeFileSync(join(folder, 'keys.secret'), 'short');
    },
    'ERR_TABLES_FOLDER',
  ],
])('refuses a folder that %s', async (_name, prepare, code) => {
  const folder = newFolder();
  await prepare(folder);
  await expect(createLocalTables({ folder })).rejects.toMatchObject({ code });
});

it.each([
  ['endpoint', 'ftp://h'],
  ['endpoint', 'http://h/path'],
  ['endpoint', 'localhost:8000'],
  ['prefix', 'a b'],
  ['region', 'Ü'],
  ['sweepSeconds', 0],
])('refuses %s = %j', async (name, value) => {
  await expect(createLocalTables({ folder: newFolder(), [name]: value })).rejects.toMatchObject({ code: 'ERR_TABLES_OPTION' });
});

it('opens while the store at an endpoint is away, and says so to whoever needs it', async () => {
  const tables = await createLocalTables({ folder: newFolder(), endpoint: 'http://127.0.0.1:1' });
  undo.push(() => tables.close());
  await expect(tables.ensureTable(randomUUID())).rejects.toMatchObject({ code: 'ERR_TABLES_STORE' });
});
