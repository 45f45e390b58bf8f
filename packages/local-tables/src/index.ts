// The public surface of @runlayer/local-tables.
export { createLocalTables } from './local-tables.ts';
export type { LocalTables, TableAccess } from './local-tables.ts';
export type { LocalTablesOptions } from './options.ts';
export { localTablesErrors } from './error-codes.ts';
