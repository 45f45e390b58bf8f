import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { afterAll, describe, expect, it } from 'vitest';
import { adminKey, createBench, ended, sealKey, yaml } from '../suite/bench.ts';
import { databaseFault, isDuplicate } from './database-fault.ts';
import { folderFault } from './folder-fault.ts';
import { lockFolder } from './folder-lock.ts';
import { rawRows } from './raw-rows.ts';
import { openDatabase } from './open-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'runlayer-embedded-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the embedded database', () => {
  it(
    'belongs to one process, and when that is killed in a release the next one takes both over [SEC-1]',
    { timeout: 120_000 },
    async () => {
      const dataDir = join(folder, 'shared');
      const script = fileURLToPath(new URL('../suite/killed-server.ts', import.meta.url));
      const args = [script, dataDir, sealKey.toString('hex'), adminKey, yaml('env:\n  TOKEN: s3cret-token-value\n')];
      const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [said] = (await once(holder.stdout, 'data')) as [Buffer];
      await expect(openDatabase({ dataDir })).rejects.toMatchObject({
        code: 'ERR_DATABASE_LOCKED',
        message: expect.stringContaining(`process ${holder.pid}`),
      });
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      const database = await openDatabase({ dataDir });
      const bench = await createBench(database, { keep: true });
      await bench.control.start();
      expect(await ended(bench, said.toString().trim())).toMatchObject({ status: 'succeeded' });
      expect(bench.applied).toMatchObject([{ secrets: { TOKEN: 's3cret-token-value' } }]);
      await bench.control.stop();
      expect(await database.query((db) => rawRows(db, sql`show fsync`))).toEqual([{ fsync: 'on' }]);
      expect(statSync(join(dataDir, 'pgdata')).mode & 0o077).toBe(0);
      await database.close();
      await database.close();
      await expect(database.ping()).rejects.toMatchObject({ code: 'ERR_DATABASE_UNREACHABLE' });
      expect(filesHolding(dataDir, 's3cret-token-value')).toEqual([]);
    },
  );

  it('names a folder that is a file', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(openDatabase({ dataDir: join(file, 'data') })).rejects.toMatchObject({
      code: 'ERR_DATABASE_FOLDER',
      message: expect.stringContaining('a part of its path is a file'),
    });
  });

  it.each([
    ['EACCES', 'ERR_DATABASE_FOLDER', 'may not write'],
    ['EROFS', 'ERR_DATABASE_FOLDER', 'read-only'],
    ['ENOSPC', 'ERR_DATABASE_NO_SPACE', 'full'],
    ['EIO', 'ERR_DATABASE_FOLDER', 'EIO'],
  ])('tells %s as %s', (code, expected, words) => {
    expect(folderFault(Object.assign(new Error('x'), { code }), '/data')).toMatchObject({
      code: expected,
      message: expect.stringContaining(words),
    });
  });
});

describe('a failed statement', () => {
  const wrapped = (cause: Error) => Object.assign(new Error('Failed query: insert … params: s3cret'), { cause });
  it.each([
    [Object.assign(new Error('could not extend file'), { code: '53100' }), 'ERR_DATABASE_NO_SPACE'],
    [new Error('PANIC: could not write: No space left on device'), 'ERR_DATABASE_NO_SPACE'],
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'ERR_DATABASE_UNREACHABLE'],
    [new AggregateError([Object.assign(new Error('connect'), { code: 'ETIMEDOUT' })]), 'ERR_DATABASE_UNREACHABLE'],
    [Object.assign(new Error('password authentication failed'), { code: '28P01' }), 'ERR_DATABASE_UNREACHABLE'],
    [new Error('Connection terminated unexpectedly'), 'ERR_DATABASE_UNREACHABLE'],
  ])('is told as what it means: %s', (cause, code) => {
    expect(databaseFault(wrapped(cause), 'at db')).toMatchObject({ code });
  });

  it('keeps its state and constraint, without its values', () => {
    const fault = databaseFault(wrapped(Object.assign(new Error('duplicate key'), { code: '23505', constraint: 'users_email' })), 'at db');
    expect(isDuplicate(fault, 'users_email')).toBe(true);
    expect(String(fault)).not.toContain('s3cret');
  });

  it('leaves errors of the program as they are', () => {
    const error = new TypeError('bug');
    expect(databaseFault(error, 'at db')).toBe(error);
  });
});

describe('the lock of a folder', () => {
  it('is not given twice, also not within one process, and can be given back', () => {
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow('this process already');
    unlock();
    lockFolder(folder)();
  });
});

/** Files of a folder, the database's own among them, in which a text stands. */
function filesHolding(dataDir: string, text: string): readonly string[] {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => readFileSync(path).includes(text));
}
