// How the items of a transaction were before it: on disk while it runs, so that a killed one is taken back at the next start.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from './call.ts';
import type { Store } from './store.ts';

/** An item as it was; nothing where there was none. */
export interface Former {
  readonly table: string;
  readonly key: Json;
  readonly item: Json | undefined;
}

/** Keeps these until the returned function is called: when the transaction is done, or taken back. */
export function keepFormer(folder: string, table: string, former: readonly Former[]): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = fileOf(folder, table);
  const opened = openSync(`${file}.new`, 'w', 0o600);
  writeSync(opened, JSON.stringify(former));
  fsyncSync(opened);
  closeSync(opened);
  // Whole or not at all.
  renameSync(`${file}.new`, file);
  return () => rmSync(file, { force: true });
}

/** Puts items back as they were. */
export async function putBack(store: Store, former: readonly Former[]): Promise<void> {
  for (const { table, key, item } of former) {
    const answer =
      item === undefined
        ? await store.send('DeleteItem', JSON.stringify({ TableName: table, Key: key }))
        : await store.send('PutItem', JSON.stringify({ TableName: table, Item: item }));
    // A table that is gone has nothing to be put back.
    if (answer.status !== 200 && !answer.body.includes('ResourceNotFoundException'))
      throw new Error(`an item of a transaction could not be put back (${answer.status})`);
  }
}

/** Takes back what was begun on a table and neither done nor taken back. */
export async function takeBack(store: Store, folder: string, table: string): Promise<void> {
  const file = fileOf(folder, table);
  if (!existsSync(file)) return;
  await putBack(store, JSON.parse(readFileSync(file, 'utf8')) as Former[]);
  rmSync(file, { force: true });
}

/** Takes back what was under way when the store was ended. Before anybody uses it. */
export async function takeBackUnfinished(store: Store, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) if (name.endsWith(ending)) await takeBack(store, folder, name.slice(0, -ending.length));
}

const ending = '.json';

function fileOf(folder: string, table: string): string {
  return join(folder, `${table}${ending}`);
}
