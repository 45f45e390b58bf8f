// A Postgres server shared by any number of processes, through a pool of connections.
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { fail } from '../error-codes.ts';
import * as schema from '../schema/index.ts';
import { databaseFault } from './database-fault.ts';
import type { Database } from './database.ts';
import { guardedDatabase } from './guarded.ts';
import { migrate } from './migrate.ts';
import { within } from '../within.ts';

/** Any number that nothing else on the server uses: two servers that start at once migrate one after the other. */
const migrationLock = 7_240_117_391;
const longestGoodbyeMs = 5000;

/** Connects, checks the version, and brings the tables up to date. */
export async function openPostgres(url: string, maxConnections = 10): Promise<Database> {
  const place = `at ${placeOf(url)}`;
  const pool = new pg.Pool({ connectionString: url, max: maxConnections, connectionTimeoutMillis: 10_000 });
  // A connection that breaks is replaced at the next use, and a statement on it is rejected; unheard, the events would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await prepare(pool, place);
  } catch (error) {
    await pool.end();
    throw databaseFault(error, place);
  }
  // A server that hangs answers no goodbye either; what it held of ours is lost with the process.
  const close = (): Promise<void> => within(longestGoodbyeMs, pool.end());
  return guardedDatabase({ kind: 'postgres', db: drizzle({ client: pool, schema }), place, close });
}

async function prepare(pool: pg.Pool, place: string): Promise<void> {
  const client = await pool.connect();
  try {
    const version = Number((await client.query<{ server_version_num: string }>('show server_version_num')).rows[0]?.server_version_num);
    if (!(version >= 150_000)) throw fail('ERR_DATABASE_VERSION', `The database ${place} is Postgres ${Math.floor(version / 10_000)}.`);
    const db = drizzle({ client, schema });
    await db.execute(sql`select pg_advisory_lock(${migrationLock})`);
    try {
      await migrate(db, (migrationsFolder) => applyMigrations(db, { migrationsFolder }));
    } finally {
      await db.execute(sql`select pg_advisory_unlock(${migrationLock})`);
    }
  } finally {
    client.release();
  }
}

/** Host, port and name of a database address; never its user or password. */
function placeOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw fail('ERR_DATABASE_UNREACHABLE', 'The address of the database is not of the form postgres://user:password@host:port/name.');
  }
  return `${parsed.hostname || parsed.searchParams.get('host') || 'the local socket'}${parsed.port === '' ? '' : `:${parsed.port}`}${parsed.pathname}`;
}
