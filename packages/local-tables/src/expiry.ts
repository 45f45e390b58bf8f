// Removes items whose time has come, for stores that do not do so themselves: a bounded amount of work at a time.
import type { Store } from './store.ts';
import { expiryAttribute } from './table.ts';

/** Items that one page looks at. */
const pageSize = 200;
/** DynamoDB leaves items alone whose time is more than five years past. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html */
const oldestSeconds = 5 * 365 * 86_400;

type Item = Readonly<Record<string, unknown>>;

interface Page {
  readonly Items?: readonly Item[];
  readonly LastEvaluatedKey?: Item;
}

/** Where the last sweep of each table stopped. */
export type Places = Map<string, Item>;

/** What one sweep did. */
export interface Swept {
  readonly pages: number;
  readonly removed: number;
}

/**
 * Goes on where the last sweep stopped, table by table in turn, until each was gone through or the pages are used up.
 * An item is removed on the condition that it is still expired: one that was written anew stays.
 *
 * @param now Milliseconds since 1970.
 */
export async function sweepTables(store: Store, tables: readonly string[], places: Places, now: number, pages: number): Promise<Swept> {
  const swept = { pages: 0, removed: 0 };
  for (const gone of [...places.keys()].filter((name) => !tables.includes(name))) places.delete(gone);
  // Those that wait in the middle of a table go first, so that a large one does not starve them.
  let left = [...tables].sort((a, b) => Number(places.has(b)) - Number(places.has(a)));
  while (left.length > 0 && swept.pages < pages) {
    const unfinished: string[] = [];
    for (const table of left) {
      if (swept.pages >= pages) break;
      swept.pages += 1;
      swept.removed += await sweepPage(store, table, places, Math.floor(now / 1000));
      if (places.has(table)) unfinished.push(table);
    }
    left = unfinished;
  }
  return swept;
}

async function sweepPage(store: Store, table: string, places: Places, seconds: number): Promise<number> {
  const place = places.get(table);
  const expired = {
    ExpressionAttributeNames: { '#ttl': expiryAttribute },
    ExpressionAttributeValues: { ':oldest': { N: String(seconds - oldestSeconds) }, ':now': { N: String(seconds) } },
  };
  const query = {
    TableName: table,
    Limit: pageSize,
    FilterExpression: '#ttl BETWEEN :oldest AND :now',
    ProjectionExpression: 'pk, sk',
    ...expired,
    ...(place === undefined ? {} : { ExclusiveStartKey: place }),
  };
  const answer = await store.send('Scan', JSON.stringify(query), table);
  // The table may be gone by now, and its place with it.
  const { Items = [], LastEvaluatedKey }: Page = answer.status === 200 ? (JSON.parse(answer.body.toString()) as Page) : {};
  if (LastEvaluatedKey === undefined) places.delete(table);
  else places.set(table, LastEvaluatedKey);
  let removed = 0;
  for (const { pk, sk } of Items) {
    const deletion = { TableName: table, Key: { pk, sk }, ConditionExpression: '#ttl BETWEEN :oldest AND :now', ...expired };
    removed += Number((await store.send('DeleteItem', JSON.stringify(deletion), table)).status === 200);
  }
  return removed;
}
