// What the types of the package promise, and what they refuse.
import { createLocalTables, type LocalTables, type TableAccess } from './index.ts';

declare const tables: LocalTables;

export const access: TableAccess = tables.access('id');
// @ts-expect-error items are reached through the gateway, never from here
void tables.getItem;
// @ts-expect-error a table is made by a call that is waited for
((made: TableAccess) => made)(tables.ensureTable('id'));
// @ts-expect-error what a client is told is not changed by anyone
access.endpoint = '';
// @ts-expect-error without a folder there is nowhere to keep items
void createLocalTables({});
// @ts-expect-error settings cross to a thread: an address is text
void createLocalTables({ folder: '', endpoint: new URL('http://h') });
