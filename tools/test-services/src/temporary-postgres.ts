// A Postgres for the tests: the server named by TEST_DATABASE_URL, or a cluster of its own that goes with the tests.
import type { SpawnOptions } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresBinary } from './services.ts';
import pg from 'pg';

/** A server that can make databases. */
export interface TemporaryPostgres {
  /** Makes an empty database and returns its address. */
  fresh(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts one, or uses the one that is named. */
export async function temporaryPostgres(): Promise<TemporaryPostgres> {
  const named = process.env['TEST_DATABASE_URL'];
  const server = named === undefined ? await startCluster() : { url: named, stop: async () => {} };
  const made: string[] = [];
  return {
    async fresh() {
      const name = `runlayer_test_${process.pid}_${made.length}_${Date.now()}`;
      await administer(server.url, `create database ${name}`);
      made.push(name);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    async stop() {
      for (const name of made) await administer(server.url, `drop database if exists ${name} with (force)`);
      await server.stop();
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function startCluster(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'runlayer-postgres-'));
  const identity = serverIdentity();
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid ?? identity.uid);
  const data = join(folder, 'data');
  const options: SpawnOptions = { ...identity, cwd: folder, stdio: 'ignore' };
  execFileSync(postgresBinary('initdb') ?? 'initdb', ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync'], options);
  const port = await freePort();
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${folder}`,
    '-c',
    'fsync=off',
  ];
  const server = spawn(postgresBinary('postgres') ?? 'postgres', args, options);
  // A run that is broken off must not leave it behind.
  const orphaned = () => void server.kill('SIGINT');
  process.once('exit', orphaned);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await untilReady(url);
  return {
    url,
    async stop() {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await gone;
      process.off('exit', orphaned);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Postgres refuses to run as root; Debian has a user for it. */
function serverIdentity(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilReady(url: string): Promise<void> {
  for (const end = Date.now() + 30_000; ;) {
    try {
      return await administer(url, 'select 1');
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
